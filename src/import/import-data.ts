import { hash4 } from '../base/hash.ts';
import {
  heldOutFigures,
  spreads,
  USUAL_TAIL,
  YES_SECONDS,
  type FitFigures,
  type HeldOutFigures,
} from './figures.ts';
import type { FitOptions } from './fit/fit-types.ts';
import { fitPeople, locationOf } from './fit/fit.ts';
import { fittedWorld, type FittedWorld } from './world/fitted-world.ts';
import { guess, guessMapping, type Guess } from './read/guess.ts';
import type { MeetingOutcome } from './fit/latent.ts';
import { learnedOf } from './fit/learned.ts';
import { checkMapping, type Mapping } from './read/mapping.ts';
import { readMeetings, type ImportedMeetings } from './read/meetings.ts';
import { readPeople, type ImportedPeople } from './read/people.ts';
import { profileFile, type FileProfile } from './read/profile.ts';
import type { FileReport } from './read/report.ts';
import type { ByteSource } from '../base/text/source.ts';
import { MIN_MEETINGS, ownVectors, type VectorScale } from './vectors/own-vectors.ts';
import { readVectorTable, type VectorTable } from './vectors/vector-table.ts';

/** Free factors of taste; with the kinds of likeness they fill the world's taste vector. */
const RANK = 4;
const MAX_SWEEPS = 120;
/** Maximum number of meetings to fit to, in all and per person; of more, an even sample is used. */
const MAX_FITTED = 200_000;
const MAX_FITTED_EACH = 30;
/** Maximum number of sweeps where each takes seconds. */
const MAX_LONG_SWEEPS = 40;

export type ImportStage = 'people' | 'meetings' | 'vectors' | 'scorer' | 'truth';

export interface ImportOptions {
  readonly seed?: number;
  /** Progress: `share` of the stage from 0 to 1. It may wait, and throw to stop the import. */
  readonly progress?: (stage: ImportStage, share: number) => void | Promise<void>;
}

/** The table of vectors, how its products became seconds, and how well those predict the rest. */
export type VectorFigures = Pick<VectorTable, 'file' | 'rows' | 'dim'> &
  Pick<VectorScale, 'meetings' | 'assumed' | 'slope'> &
  HeldOutFigures & {
    /** Vectors per person: what they are, and perhaps what they seek. */
    readonly each: 1 | 2;
  };

export interface Imported {
  readonly reports: { readonly people: FileReport; readonly meetings: FileReport };
  readonly mapping: Mapping;
  readonly figures: FitFigures;
  /** Where a table of vectors was given. */
  readonly vectors?: VectorFigures;
  /** What the data do not say and the market assumes, in sentences. */
  readonly assumptions: readonly string[];
  readonly world: FittedWorld;
  readonly people: ImportedPeople;
  readonly meetings: ImportedMeetings;
}

/** Looks at both files, in any order, and guesses what each column means. */
export async function inspect(one: ByteSource, other: ByteSource): Promise<Guess> {
  return guess(await profileFile(one), await profileFile(other));
}

/** The same where the user has said which file is which. */
export async function inspectAs(people: ByteSource, meetings: ByteSource): Promise<Guess> {
  const [p, m] = [await profileFile(people), await profileFile(meetings)];
  return { people: p, meetings: m, mapping: guessMapping(p, m) };
}

/**
 * Reads the files and fits the world. Deterministic. Throws LabError for too few usable rows, and
 * for any fault of the table of vectors.
 */
export async function importData(
  sources: { readonly people: ByteSource; readonly meetings: ByteSource; readonly vectors?: ByteSource },
  profiles: { readonly people: FileProfile; readonly meetings: FileProfile },
  mapping: Mapping,
  { seed = 7, progress }: ImportOptions = {},
): Promise<Imported> {
  checkMapping(mapping, profiles.people, profiles.meetings);
  const of = (stage: ImportStage, size: number) => (done: number) =>
    progress?.(stage, Math.min(1, done / Math.max(1, size)));
  const people = await readPeople(
    sources.people,
    mapping,
    profiles.people,
    of('people', sources.people.size),
  );
  const meetings = await readMeetings(
    sources.meetings,
    mapping,
    profiles.meetings,
    people,
    of('meetings', sources.meetings.size),
  );
  const table =
    sources.vectors &&
    (await readVectorTable(sources.vectors, mapping.id, people, of('vectors', sources.vectors.size)));
  const kind = outcomeKind(meetings);
  const options: FitOptions = {
    kind,
    rank: RANK,
    threshold: Math.log(YES_SECONDS),
    tail: USUAL_TAIL,
    seed,
    sweeps: meetings.count > MAX_FITTED ? MAX_LONG_SWEEPS : MAX_SWEEPS,
  };
  const { known, rest, split } = halves(meetings, seed);
  const enough = Math.max(MAX_FITTED, MAX_FITTED_EACH * people.count);
  const all = Uint32Array.from({ length: meetings.count }, (_, k) => k);
  const own = table && ownVectors(table, meetings, { ...options, rows: sample(known, enough / 2) });
  const held = sample(rest, enough / 2);
  const scorer = await fitPeople(people, meetings, {
    ...options,
    rows: sample(known, enough / 2),
    progress: of('scorer', 1),
  });
  const truth = await fitPeople(people, meetings, {
    ...options,
    rows: sample(all, enough),
    progress: of('truth', 1),
  });
  return {
    reports: { people: people.report, meetings: meetings.report },
    mapping,
    figures: {
      ...heldOutFigures(
        { location: (i, j) => locationOf(scorer, people, i, j), tail: scorer.tail },
        meetings,
        held,
      ),
      split,
      ...spreads(truth, people, meetings),
      kind,
      meetings: meetings.count,
    },
    ...(table &&
      own && { vectors: vectorFigures(table, own.scale, heldOutFigures(own.scale, meetings, held)) }),
    assumptions: [
      ...assumptionsOf(kind, mapping, people, meetings),
      ...(meetings.count > enough
        ? [`The world is fitted to an even sample of ${enough.toLocaleString('en')} meetings.`]
        : []),
      ...(own === undefined ? [] : [scaleSentence(own.scale), TRUTH_WITHOUT_VECTORS]),
    ],
    world: fittedWorld(people, meetings, mapping, truth, learnedOf(scorer, people), seed, own?.vectors),
    people,
    meetings,
  };
}

function vectorFigures(
  { file, rows, dim, is, seeks }: VectorTable,
  { meetings, assumed, slope }: VectorScale,
  held: HeldOutFigures,
): VectorFigures {
  return { file, rows, dim, each: is === seeks ? 1 : 2, meetings, assumed, slope, ...held };
}

const TRUTH_WITHOUT_VECTORS =
  'The truth of the evening is fitted to the meetings alone. What your vectors know beyond it shows in the held-out half, but lengthens no chat of the evening.';

function scaleSentence({ assumed, meetings, slope }: VectorScale): string {
  const change = `${slope < 0 ? '' : '+'}${(100 * (Math.exp(slope) - 1)).toFixed(0)} %`;
  if (assumed)
    return `Only ${meetings} meetings could tell what the products of your vectors are worth; ${MIN_MEETINGS} are needed. A product one standard deviation higher is assumed to change a stay by ${change}, so the predictions order the pairs, but do not read them as seconds.`;
  return `The scorer of your vectors predicts seconds. A regression on ${meetings.toLocaleString('en')} meetings of one half estimates that a product one standard deviation higher changes a stay by ${change}.`;
}

/** At most `max` of the rows, evenly spread. */
function sample(rows: Uint32Array, max: number): Uint32Array {
  if (rows.length <= max) return rows;
  const n = Math.floor(max);
  return Uint32Array.from({ length: n }, (_, k) => rows[Math.floor((k * rows.length) / n)]);
}

/** The kind to fit to: durations say most, then the decisions of each side, then the match. */
function outcomeKind(m: ImportedMeetings): MeetingOutcome {
  const known = (column: ArrayLike<number>) => {
    let sum = 0;
    for (let k = 0; k < column.length; k++) if (column[k] >= 0) sum++;
    return sum;
  };
  if (known(m.duration) >= 0.5 * m.count) return 'duration';
  return known(m.decisionA) + known(m.decisionB) >= known(m.match) ? 'decision' : 'match';
}

/** Half of the meetings to learn from and half to evaluate on: by time, else by a hash. */
function halves(
  m: ImportedMeetings,
  seed: number,
): { known: Uint32Array; rest: Uint32Array; split: 'later' | 'random' } {
  const all = Uint32Array.from({ length: m.count }, (_, k) => k);
  const timed = m.time.reduce((sum, t) => sum + (Number.isNaN(t) ? 0 : 1), 0) >= 0.9 * m.count;
  if (timed) {
    const at = (k: number) => (Number.isNaN(m.time[k]) ? Infinity : m.time[k]);
    const order = all.slice().sort((x, y) => at(x) - at(y) || x - y);
    const half = order.length >> 1;
    // Where everything happened at the same time, there is no later half.
    if (at(order[0]) < at(order[half]))
      return { known: order.slice(0, half), rest: order.slice(half), split: 'later' };
  }
  const isKnown = (k: number) => (hash4(seed, m.a[k], m.b[k], 0x5b11) & 1) === 0;
  const known = all.filter(isKnown);
  const rest = all.filter((k) => !isKnown(k));
  return known.length === 0 || rest.length === 0
    ? { known: all, rest, split: 'random' }
    : { known, rest, split: 'random' };
}

function assumptionsOf(
  kind: MeetingOutcome,
  mapping: Mapping,
  people: ImportedPeople,
  m: ImportedMeetings,
): string[] {
  const hasLeavers = m.leaver.some((l) => l >= 0);
  const outcome =
    kind === 'duration'
      ? `Each side would stay for a time of its own, and the shorter time ends the meeting. ${hasLeavers ? 'The file says who left first in some or all meetings.' : 'The file does not say who left first, so strictness and popularity are told apart only by who met whom.'}`
      : kind === 'decision'
        ? `A yes is read as "would have stayed beyond ${YES_SECONDS} s", a no as the opposite; a match is then a long chat. Yes and no say nothing about lengths: their spread (${USUAL_TAIL} ln s) is the market’s default.`
        : `A match is read as a chat beyond ${YES_SECONDS} s in which neither side left. It says nothing about lengths or who refused: the spread (${USUAL_TAIL} ln s) is the market’s default.`;
  const who =
    mapping.acrossOnly && people.sideNames.length > 1
      ? `Only people of different sides (${mapping.side}) may meet. Otherwise anybody may meet anybody, even if they never could in the data.`
      : 'Anybody may meet anybody, even if they never could in the data.';
  return [
    outcome,
    who,
    'Patience, the wish for another match, breaks and returns are not in the data: they have the market’s defaults and stay adjustable.',
    ...(mapping.report === null ? ['Reports are not in the data: nobody reports anybody.'] : []),
    'The Towers scorer is fitted to one half of the meetings. The truth, which the Oracle knows, is fitted to all of them.',
  ];
}
