import { rowsToCsv } from '../../../src/experiment/run/rows.ts';
import { saveBlob } from '../../charts/view/save.ts';
import { wholeReport } from '../state/figures.ts';
import { commandOf } from '../state/spec.ts';
import type { ExperimentRun } from '../state/store.ts';
import { CommandText } from './CommandText.tsx';

/** Saves the rows of all metrics, and gives the command that makes them in a terminal. */
export function Exports({ run }: { readonly run: ExperimentRun }) {
  const none = run.results.length === 0;
  return (
    <CommandText command={commandOf(run.input, run.designs, run.evenings)}>
      <button type="button" className="button" disabled={none} onClick={() => saveJson(run)}>
        Save JSON
      </button>
      <button type="button" className="button" disabled={none} onClick={() => saveRows(run)}>
        Save rows (CSV)
      </button>
    </CommandText>
  );
}

function saveJson(run: ExperimentRun): void {
  const text = JSON.stringify(wholeReport(run), null, 2);
  saveBlob(new Blob([text], { type: 'application/json' }), 'halfsecond-experiment.json');
}

/** The rows as the command line writes them. */
function saveRows(run: ExperimentRun): void {
  const text = rowsToCsv(run.results.flatMap((evening) => evening.rows));
  saveBlob(new Blob([text], { type: 'text/csv' }), 'halfsecond-experiment.csv');
}
