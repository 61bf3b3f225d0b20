import { count, gapText, NO_VALUE, percent } from '../state/format.ts';
import { methodName, type JudgedRow } from './table.ts';

const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function figure(value: number, format = oneDecimal): string {
  return Number.isFinite(value) ? format.format(value) : NO_VALUE;
}

/** A gap with enough digits to distinguish a tiny gap from zero. */
export function trueGapText(value: number): string {
  return value > 0 && value < 0.00005 ? '< 0.01\u202f%' : gapText(Math.max(0, value));
}

export interface ExactTableProps {
  readonly rows: readonly JudgedRow[];
  readonly unit: string;
}

/** The result of every method. */
export function ExactTable({ rows, unit }: ExactTableProps) {
  const inUnit = unit === '' ? null : <small> {unit}</small>;
  return (
    <div className="figure-scroll" tabIndex={0} role="region" aria-label="Figures by method">
      <table className="figure-table exact-table">
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Total weight{inUnit}</th>
            <th scope="col">
              Of the optimum<small> %</small>
            </th>
            <th scope="col">True gap</th>
            <th scope="col">Upper bound{inUnit}</th>
            <th scope="col">Certified gap</th>
            <th scope="col">Pairs</th>
            <th scope="col">Rounds</th>
            <th scope="col">
              Time<small> ms</small>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.method} data-exact={row.method === 'exact' || undefined}>
              <th scope="row">{methodName[row.method]}</th>
              <td>{figure(row.total)}</td>
              <td>{Number.isFinite(row.share) ? percentFigure(row.share) : NO_VALUE}</td>
              <td>{Number.isFinite(row.trueGap) ? trueGapText(row.trueGap) : NO_VALUE}</td>
              <td>{figure(row.upperBound)}</td>
              <td>{trueGapText(row.gap)}</td>
              <td>{count(row.pairs)}</td>
              <td>
                {count(row.rounds)}
                {row.method === 'exact' && <small> searches</small>}
              </td>
              <td>{figure(row.ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Never rounds up to 100 %: 99.998 % is not the optimum. */
function percentFigure(share: number): string {
  return figure(share < 1 ? Math.min(99.99, share * 100) : 100, twoDecimals);
}

/**
 * Compares the certificates with the truth: the true gaps of greedy and auction, and the gaps they
 * could prove.
 */
export function certificateText(rows: readonly JudgedRow[], method: JudgedRow['method']): string {
  const own = rows.find((r) => r.method === method);
  if (own === undefined || !Number.isFinite(own.trueGap)) return '';
  return `${methodName[method]}, which the market used, is ${percent(Math.max(0, own.trueGap))} from the optimum; its own certificate said at most ${gapText(own.gap)}.`;
}
