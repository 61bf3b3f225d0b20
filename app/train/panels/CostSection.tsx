import { passesSaved } from '../../../src/model/layout/config.ts';
import { count } from '../../state/format.ts';
import { useTrain, type MeasuredCost } from '../state/store.ts';
import { costTable } from '../state/tables.ts';
import { measureCost } from '../state/training.ts';
import { RoomChart, useTables } from '../../room/RoomChart.tsx';

/** The published example: 10 epochs either way, sessions of 128 matches. */
const example = passesSaved(10, 128, 10);

const seconds = (s: number): string => `${s < 10 ? s.toFixed(1) : count(s)} s`;

/** What two-phase training saves: counted, by the published formula, and in measured time. */
export function CostSection() {
  const measured = useTrain((s) => s.cost);
  const busy = useTrain((s) => s.task !== null);
  return (
    <section className="room-section" aria-labelledby="cost-title">
      <div className="room-head">
        <h3 id="cost-title">What do two phases save?</h3>
        <button type="button" className="link" disabled={busy} onClick={() => void measureCost()}>
          Measure both ways
        </button>
      </div>
      <p className="room-caption">
        In one phase, every chat passes the sessions of both its people through the transformer, in every
        epoch. In two phases, each whole session passes once per epoch; its vectors are stored, and the heads
        train on them. Published: 2&nbsp;N&nbsp;|S|&nbsp;/&nbsp;(N₁&nbsp;+&nbsp;2) times fewer passes, which
        is {example.toFixed(1)} times with N = N₁ = 10 epochs and |S| = 128 matches per session. No times were
        published.
      </p>
      {measured !== null && <Measured measured={measured} />}
    </section>
  );
}

const tablesOf = ({ cost }: MeasuredCost) => [costTable(cost)];

function Measured({ measured }: { readonly measured: MeasuredCost }) {
  const tables = useTables(measured, tablesOf);
  const { epochs, cost } = measured;
  return (
    <>
      <p>
        Here, N = N₁ = {epochs} and |S| = {cost.matchesPerSession.toFixed(1)} matches per session. The formula
        gives {cost.passesSavedByFormula.toFixed(1)} times fewer passes; the count gives{' '}
        <b>{cost.passesSaved.toFixed(1)} times</b> ({count(cost.passesOnePhase)} against{' '}
        {count(cost.passesTwoPhase)} passes), because the two sides of a chat share their passes and later
        sessions are stored too. The time, from measured steps on WebAssembly, is{' '}
        {seconds(cost.onePhaseSeconds)} against {seconds(cost.twoPhaseSeconds)}:{' '}
        <b>{cost.timesFaster.toFixed(1)} times faster</b>.
      </p>
      <RoomChart title="One phase and two" view="training-cost" tables={tables} short />
    </>
  );
}
