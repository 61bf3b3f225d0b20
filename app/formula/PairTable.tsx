import { previewRows } from './preview.ts';
import type { TickPairs } from './tick-pairs.ts';

const one = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

interface PairTableProps {
  readonly tick: TickPairs | null;
  /** A formula without an error. */
  readonly text: string;
  /** Whether it is the one in the editor. */
  readonly isNow: boolean;
}

/** Ten pairs of the tick, by the weight that the formula gives them. */
export function PairTable({ tick, text, isNow }: PairTableProps) {
  if (tick === null) return <p className="formula-state">The next tick that makes pairs is shown here.</p>;
  const rows = previewRows(tick, text);
  return (
    <>
      <p className="formula-state">
        {rows.length} pairs of tick {tick.tick}, by the weight that{' '}
        {isNow ? 'this formula' : 'the last formula without an error'} gives them
      </p>
      <div className="figure-scroll" tabIndex={0} role="region" aria-label="Pairs of the tick by the formula">
        <table className="figure-table formula-table">
          <thead>
            <tr>
              <th scope="col">Me</th>
              <th scope="col">You</th>
              <th scope="col">Predicted</th>
              <th scope="col">
                Waited <small>s</small>
              </th>
              <th scope="col">Weight then</th>
              <th scope="col">By this formula</th>
              <th scope="col">Place</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, people: [me, you], score, waited, now, own, place, placeNow }) => (
              <tr key={key}>
                <th scope="row">{me}</th>
                <td className="formula-person">{you}</td>
                <td>{score.map((v) => one.format(v)).join(' / ')}</td>
                <td>{waited.map((v) => one.format(v)).join(' / ')}</td>
                <td>{one.format(now)}</td>
                <td className="formula-own">{one.format(own)}</td>
                <td>{place === placeNow ? place : `${place}, was ${placeNow}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
