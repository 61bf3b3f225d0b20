import { passesSaved } from '../../../src/model/layout/config.ts';
import { count } from '../../state/format.ts';
import { CostChart } from '../charts/CostChart.tsx';
import { useTrain, type MeasuredCost } from '../state/state.ts';
import { measureCost } from '../state/training.ts';

/** The published example: 10 epochs either way, sessions of 128 matches. */
const example = passesSaved(10, 128, 10);

/** Seconds as people say them. */
const seconds = (s: number): string => `${s < 10 ? s.toFixed(1) : count(s)} s`;

/** The passes of the transformer that two-phase training saves, beside the published formula, and the measured time of both ways. */
export function CostSection() {
  const measured = useTrain((s) => s.cost);
  const busy = useTrain((s) => s.task !== null);
  return (
    <section className="model-list" aria-labelledby="cost-title">
      <div className="plot-head">
        <h3 id="cost-title">What do two phases save?</h3>
        <button type="button" className="link" disabled={busy} onClick={() => void measureCost()}>
          Measure both ways
        </button>
      </div>
      <p className="plot-caption">
        In one phase every chat would pass the sessions of both its people through the transformer, in every
        epoch. Two phases pass each whole session once per epoch, store what it gives, and train the heads on
        that. Published: 2&nbsp;N&nbsp;|S|&nbsp;/&nbsp;(N₁&nbsp;+&nbsp;2) times fewer passes,{' '}
        {example.toFixed(1)} times with N = N₁ = 10 epochs and |S| = 128 matches per session; its time was not
        published.
      </p>
      {measured !== null && <Measured measured={measured} />}
    </section>
  );
}

function Measured({ measured: { epochs, cost } }: { readonly measured: MeasuredCost }) {
  return (
    <>
      <p>
        Here, with N = N₁ = {epochs} and |S| = {cost.matchesPerSession.toFixed(1)} matches per session, the
        formula gives {cost.passesSavedByFormula.toFixed(1)} times fewer; counted, it is{' '}
        <b>{cost.passesSaved.toFixed(1)} times</b> ({count(cost.passesOnePhase)} against{' '}
        {count(cost.passesTwoPhase)} passes): a chat&rsquo;s two sides share their passes, and later sessions
        are stored too. Time, from steps of either way on WebAssembly: {seconds(cost.onePhaseSeconds)} against{' '}
        {seconds(cost.twoPhaseSeconds)}, <b>{cost.timesFaster.toFixed(1)} times faster</b>.
      </p>
      <CostChart cost={cost} />
    </>
  );
}
