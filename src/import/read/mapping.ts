import { LabError, shown } from '../../base/errors.ts';
import { splitList } from '../../base/text/csv.ts';
import type { DurationUnit } from './cells.ts';
import type { FileProfile } from './profile.ts';

/** Which column means what, by its name in the header; null: there is no such column. */
export interface Mapping {
  /** Of the people file. */
  readonly id: string;
  /** Two values: the side of each person. */
  readonly side: string | null;
  /** Whether people of the same side never meet. */
  readonly acrossOnly: boolean;
  /** The people are sliced by it. */
  readonly group: string | null;
  /** Years. */
  readonly age: string | null;
  /** Side information that the fit may use: numbers and categories. */
  readonly attributes: readonly string[];
  /** Of the meetings file. */
  readonly person: string;
  readonly partner: string;
  /** Whether the person, and the partner, wants to meet again. */
  readonly decision: string | null;
  readonly partnerDecision: string | null;
  readonly match: string | null;
  readonly duration: string | null;
  readonly durationUnit: DurationUnit;
  /** The id of the one who ended the meeting. */
  readonly leftBy: string | null;
  /** Whether the person reported the partner. */
  readonly report: string | null;
  readonly time: string | null;
}

export type ColumnPart = Exclude<keyof Mapping, 'acrossOnly' | 'durationUnit' | 'attributes'>;

/** What a column can mean, as a form shows it. */
export const columnParts: readonly {
  readonly name: ColumnPart;
  readonly file: 'people' | 'meetings';
  readonly label: string;
  readonly help: string;
  readonly needed?: true;
}[] = [
  { name: 'id', file: 'people', label: 'Id', help: 'Names each person once.', needed: true },
  { name: 'side', file: 'people', label: 'Side', help: 'Two values, such as women and men.' },
  { name: 'group', file: 'people', label: 'Slice by', help: 'A category; the eight largest are shown.' },
  { name: 'age', file: 'people', label: 'Age', help: 'In years.' },
  { name: 'person', file: 'meetings', label: 'Person', help: 'The id of one of the two.', needed: true },
  { name: 'partner', file: 'meetings', label: 'Partner', help: 'The id of the other.', needed: true },
  { name: 'decision', file: 'meetings', label: 'Person says yes', help: 'Wants to meet again: yes or no.' },
  { name: 'partnerDecision', file: 'meetings', label: 'Partner says yes', help: 'The other side’s answer.' },
  { name: 'match', file: 'meetings', label: 'Match', help: 'Both said yes.' },
  { name: 'duration', file: 'meetings', label: 'Duration', help: 'How long the two talked.' },
  { name: 'leftBy', file: 'meetings', label: 'Left first', help: 'The id of the one who ended it.' },
  {
    name: 'report',
    file: 'meetings',
    label: 'Reported',
    help: 'The person reported the partner: yes or no.',
  },
  { name: 'time', file: 'meetings', label: 'Time', help: 'When they met: a date or a number.' },
];

/** Throws LabError unless all columns exist, none means two things, and there is an outcome. */
export function checkMapping(mapping: Mapping, people: FileProfile, meetings: FileProfile): void {
  const used = new Map<string, string>();
  for (const { name, file, label, needed } of columnParts) {
    const column = mapping[name];
    const profile = file === 'people' ? people : meetings;
    if (column === null || column === '') {
      if (needed) throw new LabError(`no column was chosen for "${label}"`, profile.file);
      continue;
    }
    needColumn(profile, column);
    const before = used.get(`${file} ${column}`);
    if (before !== undefined)
      throw new LabError(
        `the column "${column}" was chosen for both "${before}" and "${label}"; choose one`,
        profile.file,
      );
    used.set(`${file} ${column}`, label);
  }
  for (const column of mapping.attributes) needColumn(people, column);
  if ([mapping.decision, mapping.partnerDecision, mapping.match, mapping.duration].every((c) => c === null))
    throw new LabError(
      'no column says how a meeting went; choose a decision, a match or a duration',
      meetings.file,
    );
}

/** A note that names the columns of a file that the import does not use, if any. */
export function unusedNote(mapping: Mapping, file: 'people' | 'meetings', profile: FileProfile): string[] {
  const used = new Set<string | null>(columnParts.filter((p) => p.file === file).map((p) => mapping[p.name]));
  if (file === 'people') for (const name of mapping.attributes) used.add(name);
  const unused = profile.columns.map((c) => c.name).filter((name) => !used.has(name));
  return unused.length === 0 ? [] : [`Columns that are not used: ${listed(unused)}`];
}

function listed(names: readonly string[]): string {
  return names.length > 12
    ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`
    : names.join(', ');
}

function needColumn(profile: FileProfile, column: string): void {
  if (profile.columns.some((c) => c.name === column)) return;
  const there = listed(profile.columns.map((c) => c.name));
  throw new LabError(`there is no column ${shown(column)}; there are ${there}`, `${profile.file}:1:1`);
}

/**
 * The guess with the user's corrections:
 * `side=gender,group=none,durationUnit=min,attributes=age+race`. Names with a comma or a plus are
 * quoted as in CSV: `"group=city, country"`. Throws LabError where a word cannot be read.
 */
export function applySettings(guess: Mapping, settings: string): Mapping {
  const mapping: Record<string, unknown> = { ...guess };
  for (const setting of splitList(settings).filter((s) => s !== '')) {
    const at = setting.indexOf('=');
    const name = setting.slice(0, Math.max(0, at)).trim();
    const value = setting.slice(at + 1).trim();
    if (name === 'acrossOnly') mapping[name] = oneOf(value, ['yes', 'no'], name) === 'yes';
    else if (name === 'durationUnit') mapping[name] = oneOf(value, ['s', 'ms', 'min'], name);
    else if (name === 'attributes') mapping[name] = value === 'none' ? [] : splitList(value, '+');
    else if (columnParts.some((p) => p.name === name)) mapping[name] = value === 'none' ? null : value;
    else
      throw new LabError(
        `there is no part ${shown(name)}; there are ${[...columnParts.map((p) => p.name), 'acrossOnly', 'durationUnit', 'attributes'].join(', ')}`,
        '--map',
      );
  }
  return mapping as unknown as Mapping;
}

function oneOf(value: string, words: readonly string[], name: string): string {
  if (!words.includes(value))
    throw new LabError(`${name} must be one of ${words.join(', ')}; it is ${shown(value)}`, '--map');
  return value;
}
