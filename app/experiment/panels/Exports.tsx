import { useState } from 'react';
import { csvLine } from '../../../src/base/text/csv-write.ts';
import { saveBlob } from '../../charts/view/save.ts';
import { linkToPage } from '../../state/hash.ts';
import { wholeReport } from '../state/figures.ts';
import { commandOf } from '../state/spec.ts';
import type { ExperimentRun } from '../state/store.ts';

/** Saves the rows of all metrics, and gives the command that makes them in a terminal. */
export function Exports({ run }: { readonly run: ExperimentRun }) {
  const [copied, setCopied] = useState('');
  const command = commandOf(run.input, run.designs, run.evenings);
  const copy = (what: string, text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(`The ${what} is copied.`),
      () => setCopied(`The browser does not let the page copy. Select the ${what} and copy it.`),
    );
  };
  return (
    <section className="experiment-exports" aria-label="Take it with you">
      <div className="export-buttons">
        <button
          type="button"
          className="button"
          disabled={run.results.length === 0}
          onClick={() => saveJson(run)}
        >
          Save JSON
        </button>
        <button
          type="button"
          className="button"
          disabled={run.results.length === 0}
          onClick={() => saveRows(run)}
        >
          Save rows (CSV)
        </button>
        <button type="button" className="button" onClick={() => copy('link', linkToPage())}>
          Copy link
        </button>
        <button type="button" className="button" onClick={() => copy('command', command)}>
          Copy command
        </button>
        <span role="status" className="export-said">
          {copied}
        </span>
      </div>
      <details className="export-command">
        <summary>The same figures in a terminal</summary>
        <pre tabIndex={0} role="region" aria-label="Command">
          {command}
        </pre>
      </details>
    </section>
  );
}

function saveJson(run: ExperimentRun): void {
  const text = JSON.stringify(wholeReport(run), null, 2);
  saveBlob(new Blob([text], { type: 'application/json' }), 'halfsecond-experiment.json');
}

const columns = [
  'seed',
  'design',
  'metric',
  'estimate',
  'low',
  'high',
  'standard_error',
  'method',
  'mean_a',
  'mean_b',
] as const;

/** One line per evening, design and metric, as in the JSON; a missing figure is empty. */
function saveRows(run: ExperimentRun): void {
  const lines = run.results.flatMap((e) =>
    e.rows.map((row) => csvLine(columns.map((name) => String(row[name] ?? '')))),
  );
  const text = [csvLine(columns), ...lines, ''].join('\r\n');
  saveBlob(new Blob([text], { type: 'text/csv' }), 'halfsecond-experiment.csv');
}
