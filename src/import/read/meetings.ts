import { shown } from '../../base/errors.ts';
import { isMissing } from '../../base/text/decimal.ts';
import type { Place } from '../../base/text/place.ts';
import { NearIds } from '../../base/text/near-id.ts';
import type { ByteSource } from '../../base/text/source.ts';
import { durationOf, timeOf, yesNoOf } from './cells.ts';
import { unusedNote, type Mapping } from './mapping.ts';
import { MeetingIndex } from './meeting-index.ts';
import { readNumber, type ImportedPeople } from './people.ts';
import type { FileProfile } from './profile.ts';
import { EXAMPLES, Tally, type FileReport, type ProblemKind } from './report.ts';
import { readRows } from './rows.ts';

/** Limits of an import: meetings, and seconds of one meeting. */
const MAX_MEETINGS = 8_000_000;
const MAX_SECONDS = 86_400;

/** An unknown answer. */
export const UNKNOWN = -1;

/** The meetings of the file, each once. Side 0 is `a`, the person of the first row about it. */
export interface ImportedMeetings {
  readonly count: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** i8: 1 yes, 0 no, -1 unknown. */
  readonly decisionA: Int8Array;
  readonly decisionB: Int8Array;
  readonly match: Int8Array;
  /** f32: seconds, NaN where unknown. */
  readonly duration: Float32Array;
  /** i8: 0 a left first, 1 b did, -1 unknown. */
  readonly leaver: Int8Array;
  readonly reportA: Int8Array;
  readonly reportB: Int8Array;
  /** f64: only its order counts; NaN where unknown. */
  readonly time: Float64Array;
  readonly report: FileReport;
}

/** Reads the meetings of these people. Throws LabError where fewer than ten could be read. */
export async function readMeetings(
  source: ByteSource,
  mapping: Mapping,
  profile: FileProfile,
  people: ImportedPeople,
  progress?: (bytes: number) => void | Promise<void>,
): Promise<ImportedMeetings> {
  const tally = new Tally(source.name, source.size);
  const at = new Map(profile.columns.map((c, k) => [c.name, k]));
  const place = (name: string | null) => (name === null ? -1 : (at.get(name) ?? -1));
  const columns = {
    person: place(mapping.person),
    partner: place(mapping.partner),
    decision: place(mapping.decision),
    partnerDecision: place(mapping.partnerDecision),
    match: place(mapping.match),
    duration: place(mapping.duration),
    leftBy: place(mapping.leftBy),
    report: place(mapping.report),
    time: place(mapping.time),
  };
  const signOf = (c: number) => (c < 0 ? '.' : profile.columns[c].decimal);
  const durationSign = signOf(columns.duration);
  const timeSign = signOf(columns.time);
  const index = new MeetingIndex();
  let mirrored = 0;
  let again = 0;
  /** Rows that are another meeting or a contradiction: their number, and the first places. */
  const doubtful: { row: Place; text: string }[] = [];
  let doubts = 0;

  let near: NearIds | undefined;
  await readRows(source, tally, {
    row(row) {
      tally.rows++;
      const cell = (c: number) => (c < 0 ? '' : row.cells[c]);
      const note = (lost: 'row' | 'cell') => (kind: ProblemKind, c: number, text: string) => {
        tally.add(kind, lost, row.place(c), text);
        return undefined;
      };
      const [skip, forget] = [note('row'), note('cell')];
      const who = (c: number, part: string | null): number | undefined => {
        const id = cell(c);
        const p = people.index.get(id);
        if (p !== undefined) return p;
        near ??= new NearIds(people.ids);
        const hint = near.hint(id);
        const text = `${part} ${shown(id)} is not in ${people.report.file}${hint}`;
        return skip(hint === '' ? 'unknown' : 'nearId', c, id === '' ? `${part} is empty` : text);
      };
      const yesNo = (c: number, name: string | null): number => {
        const text = cell(c);
        if (text === '') return UNKNOWN;
        const value = yesNoOf(text, profile.columns[c].isSigned);
        if (value === null && !isMissing(text))
          forget('yesNo', c, `${name} is ${shown(text)}; yes or no was expected`);
        return value ?? UNKNOWN;
      };
      const a = who(columns.person, mapping.person);
      if (a === undefined) return;
      const b = who(columns.partner, mapping.partner);
      if (b === undefined) return;
      const person = () => shown(cell(columns.person));
      const partner = () => shown(cell(columns.partner));
      if (a === b) return skip('self', columns.partner, `${person()} meets themselves`);
      const told = {
        decisionA: yesNo(columns.decision, mapping.decision),
        decisionB: yesNo(columns.partnerDecision, mapping.partnerDecision),
        match: yesNo(columns.match, mapping.match),
        duration: NaN,
        leaver: UNKNOWN,
        reportA: yesNo(columns.report, mapping.report),
        time: NaN,
      };
      const duration = cell(columns.duration);
      if (duration !== '') {
        const c = columns.duration;
        const value = durationOf(duration, mapping.durationUnit, durationSign);
        if (value === null)
          readNumber(duration, durationSign, mapping.duration ?? '', (kind, text) => forget(kind, c, text));
        else if (!(value > 0 && value <= MAX_SECONDS))
          forget(
            'range',
            c,
            `${mapping.duration} is ${value} s; above 0 and at most ${MAX_SECONDS} s were expected`,
          );
        else told.duration = value;
      }
      const left = cell(columns.leftBy);
      if (!isMissing(left) || people.index.has(left)) {
        const p = people.index.get(left);
        if (p === a || p === b) told.leaver = p === a ? 0 : 1;
        else
          forget(
            'leaver',
            columns.leftBy,
            `${mapping.leftBy} is ${shown(left)}; one of the two was expected`,
          );
      }
      const time = cell(columns.time);
      if (!isMissing(time)) {
        const value = timeOf(time, timeSign);
        if (value === null) forget('time', columns.time, `${mapping.time} is ${shown(time)}`);
        else told.time = value;
      }
      if (told.decisionA < 0 && told.decisionB < 0 && told.match < 0 && Number.isNaN(told.duration))
        return skip('noOutcome', columns.person, 'no decision, match or duration is given');
      if (told.match >= 0 && contradicts(told.match, told.decisionA, told.decisionB)) {
        const decisions = `the decisions are ${told.decisionA} and ${told.decisionB}`;
        forget('match', columns.match, `${mapping.match} is ${told.match}, ${decisions}`);
        told.match = UNKNOWN;
      }
      if (index.count >= MAX_MEETINGS) {
        const limit = MAX_MEETINGS.toLocaleString('en');
        return skip('manyMeetings', columns.person, `at most ${limit} meetings can be imported`);
      }
      const contradiction = () => `${person()} tells another outcome than ${partner()} did`;
      const refuse = (kind: ProblemKind, text: string) => skip(kind, columns.person, text);
      switch (index.add(a, b, told)) {
        case 'repeated':
          return refuse('repeated', `${person()} and ${partner()} have a row with the same outcome before`);
        case 'contradiction':
          return refuse('contradiction', contradiction());
        case 'doubtful':
          doubts++;
          if (doubtful.length < EXAMPLES)
            doubtful.push({ row: row.place(columns.person), text: contradiction() });
          break;
        case 'mirror':
          mirrored++;
          break;
        case 'again':
          again++;
          break;
        case 'new':
      }
      tally.kept++;
      return undefined;
    },
    ...(progress && { progress }),
  });
  const dropped = index.settle();
  tally.kept -= dropped;
  for (let k = 0; k < dropped; k++) {
    const { row, text } = doubtful[Math.min(k, doubtful.length - 1)];
    tally.add('contradiction', 'row', row, text);
  }
  if (dropped === 0) again += doubts;
  tally.require(10, 'meetings');
  const n = (x: number) => x.toLocaleString('en');
  if (mirrored > 0)
    tally.notes.push(
      `${n(mirrored)} rows tell a meeting from its other side: ${n(index.count - dropped)} meetings of two people`,
    );
  if (again > 0) tally.notes.push(`${n(again)} meetings are of two people who met before`);
  tally.notes.push(...unusedNote(mapping, 'meetings', profile));
  return { ...index.columns(), report: tally.report() };
}

/** Whether meeting k was a match: as the file says, or as the decisions imply. */
export function matchOf({ match, decisionA, decisionB }: ImportedMeetings, k: number): number {
  if (match[k] >= 0) return match[k];
  if (decisionA[k] === 0 || decisionB[k] === 0) return 0;
  return decisionA[k] === 1 && decisionB[k] === 1 ? 1 : UNKNOWN;
}

function contradicts(match: number, one: number, other: number): boolean {
  if (match === 1) return one === 0 || other === 0;
  return one === 1 && other === 1;
}
