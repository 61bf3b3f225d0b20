import { Dialog } from '@base-ui/react/dialog';
import { saveCsv } from '../charts/view/save.ts';
import { count } from '../state/format.ts';
import { ExactChart } from './ExactChart.tsx';
import { ExactTable, certificateText } from './ExactTable.tsx';
import { methods } from './methods.ts';
import type { Step } from './solve.ts';
import { compareToOptimum, methodName, solutionTable, weightUnit } from './table.ts';
import { useSolution } from './use-solution.ts';

/** Solves while it is mounted. Closing the dialog ends the worker. */
export default function Solution() {
  const { phase, captured, rows, step, error, cancel, again } = useSolution();
  const judged = compareToOptimum(rows);
  const busy = phase === 'capturing' || phase === 'solving';
  return (
    <>
      <Dialog.Description className="help-text">
        {captured === null
          ? 'The last tick of the market is copied and solved by every matcher, then exactly.'
          : `Tick ${captured.tick}, ${count(captured.pool.n)} people waiting, solved again by every matcher and exactly; on the CPU, sums and proofs in double precision.`}
      </Dialog.Description>
      {busy && <Progress step={step} />}
      {phase === 'failed' && (
        <p className="exact-error" role="alert">
          {error}
        </p>
      )}
      {phase === 'cancelled' && (
        <p className="exact-said" role="status">
          Cancelled{rows.length > 0 ? '; what was done until then stands below.' : '.'}
        </p>
      )}
      {phase === 'done' && captured !== null && (
        <p className="exact-said" role="status">
          {certificateText(judged, captured.matcher)}
        </p>
      )}
      {phase === 'done' && judged.every((r) => Number.isFinite(r.share)) && <ExactChart rows={judged} />}
      {captured !== null && rows.length > 0 && <ExactTable rows={judged} unit={weightUnit(captured)} />}
      {phase === 'done' && (
        <p className="exact-note">
          A dot is what a method reached, the line to its right how much better it could not rule out. The
          optimum is found by weighted blossom and proven by its duals. Pairs of negative weight only cost:
          the optimum leaves them out.
        </p>
      )}
      <div className="exact-buttons">
        {busy ? (
          <button type="button" className="button" onClick={cancel}>
            Cancel
          </button>
        ) : (
          <button type="button" className="button" onClick={again}>
            Solve the newest tick
          </button>
        )}
        {captured !== null && phase === 'done' && (
          <button
            type="button"
            className="button"
            onClick={() => void saveCsv(solutionTable(captured, rows))}
          >
            Download CSV
          </button>
        )}
      </div>
    </>
  );
}

function Progress({ step }: { readonly step: Step | null }) {
  const text =
    step === null
      ? 'Taking the tick'
      : `${step.index + 1} of ${methods.length}: ${methodName[methods[step.index]]}, ${step.stage}`;
  const percent = typeof step?.share === 'number' ? Math.round(step.share * 100) : null;
  return (
    <div className="exact-progress">
      <span>
        {text}
        {percent !== null && `, ${percent}\u202f%`}
      </span>
      <progress max={100} {...(percent !== null && { value: percent })} aria-label="Progress" />
    </div>
  );
}
