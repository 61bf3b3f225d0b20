import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useState } from 'react';
import type { LogFormat } from '../../src/experiment/log/log-file.ts';
import { saveBlob } from '../charts/view/save.ts';
import { count, percent } from '../state/format.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import { provenance, recordRun, type RunRecord } from './run-link.ts';
import { bibtex, snippets } from './snippets.ts';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';
import './run.css';

/** The run as a citation, and its event log as a file. */
export default function RunDialog() {
  const isOpen = useUi((s) => s.panel === 'run');
  const open = useUi((s) => s.open);
  const name = useScenario((s) => s.scenario.name);
  const [run, setRun] = useState<RunRecord | null>(null);
  useEffect(() => {
    if (isOpen) recordRun().then(setRun, () => setRun(null));
  }, [isOpen]);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => open(next ? 'run' : null)}>
      <DialogFrame name="run" title="This run">
        <div className="dialog-scroll">
          {run === null ? (
            <p role="status">The engine has not answered yet.</p>
          ) : (
            <>
              <p className="help-text">
                Digest <code>{run.digest}</code> after {count(run.tick)} ticks on the{' '}
                {run.backend.toUpperCase()}, Halfsecond {run.version}. The same link gives the same events,
                bit for bit, and so the same digest.
              </p>
              <h3>Cite this run</h3>
              <Copyable label="BibTeX" text={bibtex(run, name)} />
              <h3>Run it again on the command line</h3>
              <Copyable label="The command" text={run.command} />
              <p className="run-buttons">
                <button type="button" id="print" className="button" onClick={() => open('print')}>
                  Print a sheet
                </button>
                <span>The instruments, every knob, and where they come from, on white.</span>
              </p>
              <EventLog />
            </>
          )}
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}

/** Exports the event log, with the lines that load it elsewhere. */
function EventLog() {
  const comparing = useScenario((s) => s.other !== null);
  const side = useUi((s) => s.side);
  const [state, setState] = useState('');
  const [busy, setBusy] = useState(false);
  const whose = comparing ? side : 'main';
  const save = async (format: LogFormat) => {
    const { engine } = useStatus.getState();
    if (engine === null) return;
    setBusy(true);
    try {
      const told = (share: number) => setState(`${percent(share)} of the evening is repeated.`);
      const origin = { ...(await provenance()), policy: whose === 'main' ? 'A' : 'B' };
      const { file, tick, digest } = await engine.exportLog(whose, format, origin, told);
      saveBlob(file, `halfsecond-events.${format}`);
      setState(`Saved: ${count(tick)} ticks, digest ${digest}.`);
    } catch (error) {
      setState(`The log could not be written: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <h3>The event log{comparing && ` of policy ${side === 'main' ? 'A' : 'B'}`}</h3>
      <p className="help-text">
        Every arrival, tick, pair with weight and prices, chat with its outcomes, and departure. The evening
        is repeated for it, while this one goes on.
      </p>
      <p className="run-buttons">
        {(['parquet', 'csv'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="button"
            disabled={busy}
            onClick={() => void save(format)}
          >
            Export {format === 'csv' ? 'CSV' : 'Parquet'}
          </button>
        ))}
        <span role="status">{state}</span>
      </p>
      {snippets.map(({ tool, text }) => (
        <Copyable key={tool} label={tool} text={text} />
      ))}
    </>
  );
}

function Copyable({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <figure className="copyable">
      <figcaption>
        {label}{' '}
        <button
          type="button"
          className="link"
          onClick={() => {
            navigator.clipboard.writeText(text).then(
              () => setCopied(true),
              () => setCopied(false),
            );
          }}
        >
          {copied ? 'Copied' : 'Copy'}
        </button>
      </figcaption>
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
