import { Dialog } from '@base-ui/react/dialog';
import { useRef, type RefObject } from 'react';
import type { ImportStage } from '../../src/import/import-data.ts';
import { useUi } from '../state/ui-store.ts';
import { Icon } from '../ui/Icon.tsx';
import { Columns } from './Columns.tsx';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';
import './styles/index.css';
import { Report } from './Report.tsx';
import { useImport } from './store.ts';

const stages: Readonly<Record<ImportStage, string>> = {
  people: 'Reading the people',
  meetings: 'Reading the meetings',
  vectors: 'Reading your vectors',
  scorer: 'Fitting the scorer to half of the meetings',
  truth: 'Fitting the world to all meetings',
};
const order: readonly ImportStage[] = ['people', 'meetings', 'vectors', 'scorer', 'truth'];

/** Imports the user's own people: two files, what their columns mean, and a report. */
export default function ImportDialog() {
  const isOpen = useUi((s) => s.panel === 'import');
  const open = useUi((s) => s.open);
  const phase = useImport((s) => s.phase);
  const error = useImport((s) => s.error);
  const said = useImport((s) => s.said);
  const cancel = useImport((s) => s.cancel);
  const drop = useRef<HTMLButtonElement>(null);
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(next) => {
        if (!next) cancel();
        open(next ? 'import' : null);
      }}
    >
      <DialogFrame name="import" title="Your data" initialFocus={drop}>
        <div className="dialog-scroll">
          <Dialog.Description className="help-text">
            Two CSV or Parquet files: people, and their meetings with how each went; a third one may hold
            vectors of your own. They are read on this machine and never leave it. The current evening goes on
            until you choose to use the new people.
          </Dialog.Description>
          {phase !== 'report' && <Files drop={drop} />}
          {error !== null && (
            <p className="import-error" role="alert">
              {error}
            </p>
          )}
          {said !== null && (
            <p className="import-said" role="status">
              {said}
            </p>
          )}
          {phase === 'looking' && <p role="status">Reading the beginning of both files.</p>}
          {phase === 'columns' && <Columns />}
          {phase === 'reading' && <Progress />}
          {phase === 'report' && <Report />}
        </div>
        <Buttons />
      </DialogFrame>
    </Dialog.Root>
  );
}

function Files({ drop }: { readonly drop: RefObject<HTMLButtonElement | null> }) {
  const files = useImport((s) => s.files);
  const vectors = useImport((s) => s.vectors);
  const phase = useImport((s) => s.phase);
  const { add, remove, setVectors } = useImport.getState();
  const input = useRef<HTMLInputElement>(null);
  const choose = () => input.current?.click();
  const isFree = phase !== 'reading';
  return (
    <div className="import-files">
      <input
        ref={input}
        type="file"
        multiple
        accept=".csv,.tsv,.txt,.parquet,text/csv,text/tab-separated-values,text/plain"
        className="visually-hidden"
        aria-label="Files"
        tabIndex={-1}
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          // Allow the same file to be chosen again after a correction.
          event.target.value = '';
        }}
      />
      {files.map((file, i) => (
        <FileChip key={`${i} ${file.name}`} file={file} onRemove={isFree ? () => remove(i) : null} />
      ))}
      {vectors !== null && (
        <FileChip file={vectors} note="vectors" onRemove={isFree ? () => setVectors(null) : null} />
      )}
      {files.length < 2 && (
        <button ref={drop} type="button" className="import-drop" onClick={choose}>
          {files.length === 0 ? (
            <>
              <b>Drop two CSV or Parquet files here, or choose them</b>
              <span>
                people: an id and attributes · meetings: two ids and a decision, a match or a duration
              </span>
            </>
          ) : (
            <>
              <b>One more file is needed</b>
              <span>people or meetings, whichever is missing: drop it here, or choose it</span>
            </>
          )}
        </button>
      )}
      {phase === 'columns' && vectors === null && (
        <button type="button" className="import-drop" onClick={choose}>
          <b>Add vectors of your own (optional)</b>
          <span>
            a scorer from your model: an id and 1 to 128 numbers for each person; a column “role” tells what
            they are from what they seek
          </span>
        </button>
      )}
    </div>
  );
}

interface ChipProps {
  readonly file: File;
  /** What the file is, where its place does not say it. */
  readonly note?: string;
  /** Null where it cannot be removed now. */
  readonly onRemove: (() => void) | null;
}

function FileChip({ file, note, onRemove }: ChipProps) {
  return (
    <span className="import-file">
      <b>{file.name}</b>{' '}
      <span>
        {note !== undefined && `${note}, `}
        {size(file.size)}
      </span>
      {onRemove !== null && (
        <button type="button" className="icon-button" aria-label={`Remove ${file.name}`} onClick={onRemove}>
          <Icon name="close" size={14} />
        </button>
      )}
    </span>
  );
}

function Progress() {
  const progress = useImport((s) => s.progress);
  const hasVectors = useImport((s) => s.vectors !== null);
  const steps = order.filter((stage) => hasVectors || stage !== 'vectors');
  const at = progress === null ? 0 : steps.indexOf(progress.stage);
  const percent = progress === null ? null : Math.round(100 * progress.share);
  return (
    <div className="import-progress">
      <span>
        {at + 1} of {steps.length}: {stages[steps[at]]}
        {percent !== null && `, ${percent}\u202f%`}
      </span>
      <progress max={100 * steps.length} value={100 * at + (percent ?? 0)} aria-label="Progress" />
    </div>
  );
}

function Buttons() {
  const phase = useImport((s) => s.phase);
  const { read, cancel, back, use, swap } = useImport.getState();
  if (phase === 'files') return null;
  return (
    <footer className="import-buttons">
      {(phase === 'looking' || phase === 'reading') && (
        <button type="button" className="button" onClick={cancel}>
          Cancel
        </button>
      )}
      {phase === 'columns' && (
        <>
          <button type="button" className="button" onClick={swap}>
            Swap the files
          </button>
          <button type="button" className="button primary" onClick={read}>
            Read and fit
          </button>
        </>
      )}
      {phase === 'report' && (
        <>
          <button type="button" className="button" onClick={back}>
            Change the columns
          </button>
          <button type="button" className="button primary" onClick={use}>
            Use these people
          </button>
        </>
      )}
    </footer>
  );
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
