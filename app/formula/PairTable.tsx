import { previewRows } from './preview.ts';
import type { TickPairs } from './tick-pairs.ts';

const one = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** Ten pairs of the tick, by the weight that the formula gives them. */
export function PairTable({ tick, text }: { readonly tick: TickPairs | null; readonly text: string }) {
  if (tick === null) return <p className="formula-state">The next tick that makes pairs is shown here.</p>;
  if (text === '')
    return <p className="formula-state">Pairs of the tick are shown when the formula is right.</p>;
  const rows = previewRows(tick, text);
  return (
    <div className="formula-scroll" tabIndex={0} role="region" aria-label="Pairs of the tick by the formula">
      <table className="formula-table">
        <caption>
          {rows.length} pairs of tick {tick.tick}, by the weight that this formula gives them
        </caption>
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
  );
}
