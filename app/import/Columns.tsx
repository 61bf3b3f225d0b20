import { columnParts, type ColumnPart, type Mapping } from '../../src/import/read/mapping.ts';
import { count } from '../state/format.ts';
import { useImport } from './store.ts';
import type { Preview } from './worker.ts';

/** A form for what each column means: guessed, and corrected by the user. */
export function Columns() {
  const look = useImport((s) => s.look);
  const mapping = useImport((s) => s.mapping);
  if (look === null || mapping === null) return null;
  return (
    <div className="import-columns">
      <FileForm file="people" title="People" preview={look.people} mapping={mapping} />
      <FileForm file="meetings" title="Meetings" preview={look.meetings} mapping={mapping} />
    </div>
  );
}

interface FormProps {
  readonly file: 'people' | 'meetings';
  readonly title: string;
  readonly preview: Preview;
  readonly mapping: Mapping;
}

function FileForm({ file, title, preview, mapping }: FormProps) {
  const choose = useImport((s) => s.choose);
  const used = new Map(
    columnParts.flatMap(({ name, label, file: of }) =>
      of === file && mapping[name] !== null ? [[mapping[name], label]] : [],
    ),
  );
  return (
    <section className="import-form" aria-label={`${title}: columns`}>
      <h3>{title}</h3>
      <p className="import-about">
        {preview.file}, {preview.more ? 'more than ' : ''}
        {count(preview.rows)} rows, {preview.columns.length} columns
      </p>
      {columnParts
        .filter((part) => part.file === file)
        .map((part) => (
          <PartSelect key={part.name} part={part} preview={preview} value={mapping[part.name]} />
        ))}
      {file === 'people' && mapping.side !== null && (
        <label className="import-check">
          <input
            type="checkbox"
            checked={mapping.acrossOnly}
            onChange={(event) => choose({ acrossOnly: event.target.checked })}
          />
          Only people of different sides meet
        </label>
      )}
      {file === 'meetings' && mapping.duration !== null && (
        <label className="import-part">
          <span>Duration in</span>
          <select
            value={mapping.durationUnit}
            onChange={(event) => choose({ durationUnit: event.target.value as Mapping['durationUnit'] })}
          >
            <option value="s">seconds</option>
            <option value="min">minutes</option>
            <option value="ms">milliseconds</option>
          </select>
        </label>
      )}
      {file === 'people' && (
        <p className="import-about">
          {mapping.attributes.length === 0
            ? 'No other column is used as side information.'
            : `${mapping.attributes.length} columns are used as side information.`}
        </p>
      )}
      <div className="import-preview" tabIndex={0} role="group" aria-label={`First rows of ${preview.file}`}>
        <table>
          <thead>
            <tr>
              {preview.columns.map(({ name }) => (
                <th key={name} scope="col" data-used={used.has(name) || undefined}>
                  {name}
                  {used.has(name) && <small>{used.get(name)}</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.first.slice(0, 3).map((cells, r) => (
              <tr key={r}>
                {cells.map((cell, c) => (
                  <td key={c}>{cell.length > 24 ? `${cell.slice(0, 24)}…` : cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface PartProps {
  readonly part: (typeof columnParts)[number];
  readonly preview: Preview;
  readonly value: string | null;
}

function PartSelect({ part, preview, value }: PartProps) {
  const choose = useImport((s) => s.choose);
  const change = (name: ColumnPart, column: string) =>
    // Where a side is chosen, its people mostly meet only the other side.
    choose({
      [name]: column === '' ? null : column,
      ...(name === 'side' ? { acrossOnly: column !== '' } : {}),
    });
  return (
    <label className="import-part" title={part.help}>
      <span>{part.label}</span>
      <select
        aria-label={part.label}
        value={value ?? ''}
        onChange={(event) => change(part.name, event.target.value)}
      >
        {(!part.needed || value === null) && (
          <option value="">{part.needed ? 'choose' : '\u2013 none \u2013'}</option>
        )}
        {preview.columns.map(({ name, kind }) => (
          <option key={name} value={name}>
            {name} ({kind})
          </option>
        ))}
      </select>
    </label>
  );
}
