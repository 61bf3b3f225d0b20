import type { ReactNode } from 'react';
import { NO_VALUE } from '../../state/format.ts';

interface Row {
  readonly name: string;
  /** Smaller, after the name. */
  readonly note?: string;
  /** A row of published figures is muted. */
  readonly published?: boolean;
  readonly cells: readonly ReactNode[];
}

interface Group {
  /** Above the rows of the group; none for a table of one group. */
  readonly title?: string;
  readonly published?: boolean;
  readonly rows: readonly Row[];
}

interface Head {
  readonly text: ReactNode;
  readonly note?: string;
  /** Columns below it. */
  readonly span?: number;
}

interface Props {
  readonly label: string;
  readonly head: readonly Head[];
  readonly groups: readonly Group[];
}

/** A table that scrolls sideways below its sticky first column. */
export function DataTable({ label, head, groups }: Props) {
  const columns = head.reduce((sum, { span = 1 }) => sum + span, 0);
  return (
    <div className="figure-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="figure-table train-table">
        <thead>
          <tr>
            {head.map(({ text, note, span }, k) => (
              <th scope="col" key={k} colSpan={span}>
                {text}
                {note !== undefined && <small> {note}</small>}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ title, published, rows }) => (
          <tbody key={title ?? ''}>
            {title !== undefined && (
              <tr data-published={published}>
                <th scope="rowgroup" colSpan={columns}>
                  {title}
                </th>
              </tr>
            )}
            {rows.map((row) => (
              <tr
                key={`${row.name} ${row.note}`}
                className={title === undefined ? undefined : 'part'}
                data-published={row.published ?? published}
              >
                <th scope="row">
                  {row.name}
                  {row.note !== undefined && <small> {row.note}</small>}
                </th>
                {row.cells.map((cell, k) => (
                  <td key={k}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

interface IntervalProps {
  readonly value: { readonly estimate: number; readonly low?: number; readonly high?: number } | undefined;
  readonly format?: (x: number) => string;
}

/** A figure with four decimals. */
export const fourDecimals = (x: number | undefined): string =>
  x === undefined || !Number.isFinite(x) ? NO_VALUE : x.toFixed(4);

/** "0.8412", with its interval below in small print. */
export function IntervalText({ value, format = fourDecimals }: IntervalProps) {
  if (value === undefined) return NO_VALUE;
  const { estimate, low = NaN, high = NaN } = value;
  return (
    <>
      {format(estimate)}
      {Number.isFinite(low) && (
        <small className="interval">
          {format(low)} to {format(high)}
        </small>
      )}
    </>
  );
}
