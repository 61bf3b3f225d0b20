import { Dialog } from '@base-ui/react/dialog';
import type { Table } from '../../../src/base/table.ts';
import { count } from '../../state/format.ts';
import { figure } from '../format.ts';
import { countryName } from '../names.ts';
import { saveCsv } from './save.ts';

export interface TableDialogProps {
  readonly title: string;
  /** null: closed. */
  readonly tables: readonly Table[] | null;
  readonly onClose: () => void;
}

/** The numbers of a chart as HTML tables, as of the moment when it was opened. */
export function TableDialog({ title, tables, onClose }: TableDialogProps) {
  return (
    <Dialog.Root open={tables !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="chart-backdrop" />
        <Dialog.Popup className="chart-dialog">
          <header>
            <Dialog.Title className="chart-title">{title}</Dialog.Title>
            <Dialog.Close className="chart-button">Close</Dialog.Close>
          </header>
          <div className="chart-dialog-body" tabIndex={0} role="region" aria-label="Numbers">
            {tables?.length === 0 && <p>There are no numbers yet.</p>}
            {tables?.map((table) => (
              <NumberTable key={table.name} table={table} />
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** One table with its caption, units in the header, facts below and a CSV button. */
function NumberTable({ table }: { readonly table: Table }) {
  const numeric = (c: Table['columns'][number]) => c.values instanceof Float64Array;
  return (
    <section>
      <table>
        <caption>
          {table.title}{' '}
          <button type="button" className="chart-button" onClick={() => void saveCsv(table)}>
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
              {table.columns.map((c) => (
                <td key={c.name} className={numeric(c) ? 'chart-number' : undefined}>
                  {cell(c.values[r], c.unit)}
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

function cell(value: number | string, unit: string): string {
  if (typeof value === 'string') return countryName(value);
  return Number.isInteger(value) && (unit === 'people' || unit === '') ? count(value) : figure(value);
}
