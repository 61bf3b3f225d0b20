import { LabError } from '../../base/errors.ts';
import { foldId } from '../../base/text/near-id.ts';
import type { DurationUnit } from './cells.ts';
import type { Mapping } from './mapping.ts';
import { shareWithin, type ColumnProfile, type FileProfile } from './profile.ts';

/** Maximum number of levels of a category that serves as side information. */
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

/** Which of two files holds the people, and what each column means. */
export interface Guess {
  readonly people: FileProfile;
  readonly meetings: FileProfile;
  readonly mapping: Mapping;
}

/** A guess from names and contents. Throws LabError where a file has too few columns. */
export function guess(one: FileProfile, other: FileProfile): Guess {
  const as = pairScore(one, other);
  const turned = pairScore(other, one);
  const [people, meetings] = turned > as ? [other, one] : [one, other];
  return { people, meetings, mapping: guessMapping(people, meetings) };
}

/** How well the second file refers to people of the first: shares of known ids in two columns. */
function pairScore(people: FileProfile, meetings: FileProfile): number {
  const id = idColumn(people);
  if (id === undefined) return -1;
  const known = meetings.columns
    .map((c) => knownShare(id, c) * Math.min(1, c.distinct.size / 3))
    .sort((a, b) => b - a);
  const unique = id.distinct.size / Math.max(1, id.filled);
  return unique + (known[0] ?? 0) + 2 * (known[1] ?? 0) + (meetings.rows > people.rows ? 0.5 : 0);
}

/** The guess where it is known which file is which. */
export function guessMapping(people: FileProfile, meetings: FileProfile): Mapping {
  const id = idColumn(people);
  if (id === undefined)
    throw new LabError('no column could name the people; each person needs an id', people.file);
  const [person, partner] = idPair(id, meetings);
  const found = new Map<MeetingPart, ColumnProfile>();
  const taken = new Set([person, partner]);
  // Last, choose columns that only their names recommend, so that their cells are reported.
  for (const wanted of ['fits', 'mayFit'] as const)
    for (const [part, is] of meetingParts) {
      const column = meetings.columns.find(
        (c) => !taken.has(c) && c.kind !== 'empty' && is.named(c.name) && is[wanted](c),
      );
      if (found.has(part) || column === undefined) continue;
      found.set(part, column);
      taken.add(column);
    }
  const nameOf = (part: MeetingPart) => found.get(part)?.name ?? null;
  return {
    id: id.name,
    ...peopleParts(people, id),
    person: person.name,
    partner: partner.name,
    decision: nameOf('decision'),
    partnerDecision: nameOf('partnerDecision'),
    match: nameOf('match'),
    duration: nameOf('duration'),
    durationUnit: unitOf(nameOf('duration') ?? ''),
    leftBy: nameOf('leftBy'),
    report: nameOf('report'),
    time: nameOf('time'),
  };
}

type MeetingPart = 'leftBy' | 'match' | 'report' | 'partnerDecision' | 'decision' | 'duration' | 'time';

/** How the column of a part is recognised. */
interface Recognition {
  readonly named: (name: string) => boolean;
  /** Its cells are what they should be. */
  readonly fits: (c: ColumnProfile) => boolean;
  /** Its cells may be meant so although most of them cannot be read. */
  readonly mayFit: (c: ColumnProfile) => boolean;
}

const hasDigits = (c: ColumnProfile): boolean => [...c.distinct.keys()].some((text) => /\d/.test(text));
const yesNo = (named: Recognition['named']): Recognition => ({
  named,
  fits: (c) => c.kind === 'yes-no',
  mayFit: (c) => c.distinct.size <= 12,
});
const measure = (named: Recognition['named'], fits: Recognition['fits']): Recognition => ({
  named,
  fits: (c) => (c.kind === 'number' || c.kind === 'time') && fits(c),
  mayFit: hasDigits,
});

/** In order of priority. */
const meetingParts: readonly (readonly [MeetingPart, Recognition])[] = [
  ['leftBy', { named: (name) => names.leftBy.test(name), fits: () => true, mayFit: () => false }],
  ['match', yesNo((name) => names.match.test(name))],
  ['report', yesNo((name) => names.report.test(name) && !names.other.test(name))],
  [
    'partnerDecision',
    yesNo(
      (name) => names.decision.test(name.replace(/^(partner|peer|other)_?/i, '')) && names.other.test(name),
    ),
  ],
  ['decision', yesNo((name) => names.decision.test(name))],
  [
    'duration',
    measure(
      (name) => names.duration.test(name),
      (c) => shareWithin(c, 0, Infinity) >= 0.9,
    ),
  ],
  [
    'time',
    measure(
      (name) => names.time.test(name),
      () => true,
    ),
  ],
];

function peopleParts(
  people: FileProfile,
  id: ColumnProfile,
): Pick<Mapping, 'side' | 'acrossOnly' | 'group' | 'age' | 'attributes'> {
  const rest = people.columns.filter((c) => c !== id && c.kind !== 'empty' && c.distinct.size > 1);
  const two = rest.filter((c) => c.distinct.size <= 6 && twoCover(c) >= 0.9);
  const side = two.find((c) => names.side.test(c.name));
  const ages = rest.filter((c) => c !== side && names.age.test(c.name));
  const age = ages.find((c) => c.kind === 'number' && shareWithin(c, 5, 120) >= 0.9) ?? ages.find(hasDigits);
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

/** The column that names each person once; of several, one with a fitting name, or the first. */
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
      `the meetings need at least three columns, two ids and an outcome; there are ${meetings.columns.length}`,
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

/** Share of a column's different values that are ids of the people, or similar to one. */
function knownShare(id: ColumnProfile, column: ColumnProfile): number {
  if (column.distinct.size === 0) return 0;
  const ids = new Set([...id.distinct.keys()].map(foldId));
  let known = 0;
  for (const value of column.distinct.keys()) if (ids.has(foldId(value))) known++;
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
  let max = -Infinity;
  for (const column of columns) {
    const value = score(column);
    if (value > max) {
      max = value;
      found = column;
    }
  }
  return found;
}
