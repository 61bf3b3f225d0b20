import { Dialog } from '@base-ui/react/dialog';
import type { Column, Table } from '../../../src/base/table.ts';
import { count } from '../../state/format.ts';
import { figure, fine } from '../format.ts';
import { countryName } from '../names.ts';
import type { DrawnTables } from '../worker/renderer.ts';
import type { Origin } from './origin.ts';
import { saveCsv } from './save.ts';

export interface TableDialogProps {
  readonly title: string;
  readonly listed: DrawnTables;
  /** Lines at the head of a saved table, after those of the page. */
  readonly origin: Origin;
  readonly onClose: () => void;
}

/** The numbers of a chart as HTML tables: those that were drawn when it was opened. */
export default function TableDialog({ title, listed, origin, onClose }: TableDialogProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="chart-backdrop" />
        <Dialog.Popup className="chart-dialog">
          <header>
            <Dialog.Title className="chart-title">
              {title}
              {typeof listed.tick === 'number' && <small> at tick {count(listed.tick)}</small>}
            </Dialog.Title>
            <Dialog.Close className="chart-button">Close</Dialog.Close>
          </header>
          <div className="chart-dialog-body" tabIndex={0} role="region" aria-label="Numbers">
            {listed.tables.length === 0 && <p>There are no numbers yet.</p>}
            {listed.tables.map((table) => (
              <NumberTable key={table.name} table={table} origin={origin} />
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** One table with its caption, units in the header, facts below and a CSV button. */
function NumberTable({ table, origin }: { readonly table: Table; readonly origin: Origin }) {
  const numeric = (c: Column) => c.values instanceof Float64Array;
  const texts = table.columns.map(textsOf);
  return (
    <section>
      <table>
        <caption>
          {table.title}{' '}
          <button type="button" className="chart-button" onClick={() => void saveCsv(table, origin)}>
            CSV
          </button>
        </caption>
        <thead>
          <tr>
            {table.columns.map((c) => (
              <th key={c.name} scope="col" className={numeric(c) ? 'chart-number' : undefined}>
                {c.label}
                {c.unit !== '' && c.unit !== '1' && <small> {c.unit}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: table.rows }, (_, r) => (
            <tr key={r}>
              {table.columns.map((c, k) => (
                <td key={c.name} className={numeric(c) ? 'chart-number' : undefined}>
                  {texts[k][r]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {Object.keys(table.facts).length > 0 && (
        <dl className="chart-facts">
          {Object.entries(table.facts).map(([name, value]) => (
            <div key={name}>
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd>{typeof value === 'number' ? figure(value) : value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** Texts of a column: whole numbers as such; others with digits enough to tell neighbours apart. */
function textsOf({ values }: Column): readonly string[] {
  if (!(values instanceof Float64Array)) return values.map(countryName);
  const known = [...values].filter(Number.isFinite);
  const format = known.every(Number.isInteger) ? count : figure;
  const texts = [...values].map(format);
  const distinct = (list: readonly unknown[]) => new Set(list).size;
  return distinct(texts) < distinct([...values]) ? [...values].map(fine) : texts;
}
