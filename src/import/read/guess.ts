import { LabError } from '../../base/errors.ts';
import type { DurationUnit } from './cells.ts';
import type { Mapping } from './mapping.ts';
import { shareWithin, type ColumnProfile, type FileProfile } from './profile.ts';

/** Most levels of a category that the fit takes as side information. */
const MAX_LEVELS = 40;
const GROUPS = 8;

const names = {
  id: /(^|[_\s])(id|uid|iid|key|user|person|member|participant|name|code)($|[_\s])|id$/i,
  person: /user|person|member|from|caller|self|subject|^a(_?id)?$|(^|_)id_?(1|a)$|1$/i,
  partner: /peer|partner|other|(^|_)to($|_)|callee|target|mate|^b(_?id)?$|(^|_)id_?(2|b)$|2$/i,
  side: /gender|sex|side|role|geschlecht|genre/i,
  group: /country|region|city|area|land|group|segment|cohort|team|race|ethnic|class|department|wave/i,
  age: /(^|_|\s)(age|alter|years?)($|_|\s)/i,
  decision: /^dec|decision|accept|again|want|says?_?yes|^yes|interest|^swipe_?right/i,
  other: /(_o|_partner|_peer|_other|_b|2)$|^(partner|peer|other)/i,
  match: /match|mutual|both/i,
  duration: /dura|length|seconds|secs|minutes|(^|_)mins?($|_)|time_?spent|talk/i,
  leftBy: /left_?by|ended_?by|leaver|who_?left|hung_?up/i,
  report: /report|abuse|flag|complain/i,
  time: /time|date|start|(^|_)(at|ts|day)($|_)/i,
} as const;

/** Which of two files holds the people, and which column plays which part. */
export interface Guess {
  readonly people: FileProfile;
  readonly meetings: FileProfile;
  readonly mapping: Mapping;
}

/** A guess from names and contents; the person has the last word. Throws LabError where a file has too few columns. */
export function guess(one: FileProfile, other: FileProfile): Guess {
  const as = pairScore(one, other);
  const turned = pairScore(other, one);
  const [people, meetings] = turned > as ? [other, one] : [one, other];
  return { people, meetings, mapping: guessMapping(people, meetings) };
}

/** How well the second file names the people of the first: shares of known ids in its two best columns. */
function pairScore(people: FileProfile, meetings: FileProfile): number {
  const id = idColumn(people);
  if (id === undefined) return -1;
  const known = meetings.columns
    .map((c) => knownShare(id, c) * Math.min(1, c.distinct.size / 3))
    .sort((a, b) => b - a);
  const unique = id.distinct.size / Math.max(1, id.filled);
  return unique + (known[0] ?? 0) + 2 * (known[1] ?? 0) + (meetings.rows > people.rows ? 0.5 : 0);
}

/** The guess where it is settled which file is which. */
export function guessMapping(people: FileProfile, meetings: FileProfile): Mapping {
  const id = idColumn(people);
  if (id === undefined)
    throw new LabError('no column could name the people: each needs an id of his own', people.file);
  const [person, partner] = idPair(id, meetings);
  const taken = new Set([person.name, partner.name]);
  const find = (fits: (c: ColumnProfile) => boolean): string | null => {
    const found = meetings.columns.find((c) => !taken.has(c.name) && fits(c));
    if (found !== undefined) taken.add(found.name);
    return found?.name ?? null;
  };
  const leftBy = find((c) => names.leftBy.test(c.name));
  const match = find((c) => c.kind === 'yes-no' && names.match.test(c.name));
  const report = find((c) => c.kind === 'yes-no' && names.report.test(c.name) && !names.other.test(c.name));
  const partnerDecision = find(
    (c) =>
      c.kind === 'yes-no' &&
      names.decision.test(c.name.replace(/^(partner|peer|other)_?/i, '')) &&
      names.other.test(c.name),
  );
  const decision = find((c) => c.kind === 'yes-no' && names.decision.test(c.name));
  const duration = find(
    (c) =>
      (c.kind === 'number' || c.kind === 'time') &&
      names.duration.test(c.name) &&
      shareWithin(c, 0, Infinity) >= 0.9,
  );
  const time = find((c) => (c.kind === 'number' || c.kind === 'time') && names.time.test(c.name));
  return {
    id: id.name,
    ...peopleParts(people, id),
    person: person.name,
    partner: partner.name,
    decision,
    partnerDecision,
    match,
    duration,
    durationUnit: duration === null ? 's' : unitOf(duration),
    leftBy,
    report,
    time,
  };
}

function peopleParts(
  people: FileProfile,
  id: ColumnProfile,
): Pick<Mapping, 'side' | 'acrossOnly' | 'group' | 'age' | 'attributes'> {
  const rest = people.columns.filter((c) => c !== id && c.kind !== 'empty' && c.distinct.size > 1);
  const two = rest.filter((c) => c.distinct.size <= 6 && twoCover(c) >= 0.9);
  const side = two.find((c) => names.side.test(c.name));
  const age = rest.find(
    (c) => c.kind === 'number' && names.age.test(c.name) && shareWithin(c, 5, 120) >= 0.9,
  );
  const few = (c: ColumnProfile) => c.distinct.size >= 2 && c.distinct.size <= GROUPS;
  const free = rest.filter((c) => c !== side && c !== age);
  const named = free.filter((c) => names.group.test(c.name) && c.distinct.size <= MAX_LEVELS);
  const group = named.find(few) ?? named[0] ?? free.find((c) => few(c) && c.kind !== 'number');
  const attributes = rest.filter(
    (c) => c !== side && (c.kind === 'number' || c.kind === 'yes-no' || c.distinct.size <= MAX_LEVELS),
  );
  return {
    side: side?.name ?? null,
    acrossOnly: side !== undefined,
    group: group?.name ?? null,
    age: age?.name ?? null,
    attributes: attributes.map((c) => c.name),
  };
}

/** Share of the cells that the two most frequent values make up. */
function twoCover(c: ColumnProfile): number {
  const counts = [...c.distinct.values()].sort((a, b) => b - a);
  return (counts[0] + (counts[1] ?? 0)) / c.filled;
}

/** The column that names each person once; of several the one that is called so, or the first. */
function idColumn({ columns }: FileProfile): ColumnProfile | undefined {
  const score = (c: ColumnProfile) => {
    const unique = c.filled === 0 ? 0 : c.distinct.size / Math.min(c.filled, 4000);
    return (
      4 * unique +
      (names.id.test(c.name) ? 2 : 0) +
      (c.kind === 'number' && !Number.isInteger(c.min) ? -3 : 0)
    );
  };
  return best(
    columns.filter((c) => c.filled > 0),
    score,
  );
}

function idPair(id: ColumnProfile, meetings: FileProfile): [ColumnProfile, ColumnProfile] {
  if (meetings.columns.length < 3)
    throw new LabError(
      `the meetings need at least three columns: two ids and an outcome; there are ${meetings.columns.length}`,
      `${meetings.file}:1:1`,
    );
  const common = (c: ColumnProfile) =>
    4 * knownShare(id, c) + Math.min(2, (4 * c.distinct.size) / Math.max(1, id.distinct.size));
  const partner = best(meetings.columns, (c) => common(c) + (names.partner.test(c.name) ? 3 : 0));
  const person = best(
    meetings.columns.filter((c) => c !== partner),
    (c) => common(c) + (names.person.test(c.name) || c.name === id.name ? 3 : 0),
  );
  return [person as ColumnProfile, partner as ColumnProfile];
}

/** Share of a column's different values that are ids of the people looked at. */
function knownShare(id: ColumnProfile, column: ColumnProfile): number {
  if (column.distinct.size === 0) return 0;
  let known = 0;
  for (const value of column.distinct.keys()) if (id.distinct.has(value)) known++;
  return known / column.distinct.size;
}

function unitOf(name: string): DurationUnit {
  return /(^|[_\s(])(ms|millis\w*)($|[_\s)])/i.test(name) ? 'ms' : /min/i.test(name) ? 'min' : 's';
}

function best(
  columns: readonly ColumnProfile[],
  score: (c: ColumnProfile) => number,
): ColumnProfile | undefined {
  let found: ColumnProfile | undefined;
  let most = -Infinity;
  for (const column of columns) {
    const value = score(column);
    if (value > most) {
      most = value;
      found = column;
    }
  }
  return found;
}
