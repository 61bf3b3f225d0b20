import { LabError } from '../../base/errors.ts';
import { Digest } from '../../base/hash.ts';
import { chatLaw } from '../../scenario/chat-law.ts';
import { ageBands, countries } from '../../scenario/countries.ts';
import { scenario as complete } from '../../scenario/parse.ts';
import type { Scenario, ScenarioInput } from '../../scenario/schema.ts';
import type { Cast, OwnVectors } from '../../world/cast.ts';
import { PERSON_SIGMAS } from '../../world/birth.ts';
import { TASTE } from '../../world/types.ts';
import { TASTE_SIGMA } from '../../world/world.ts';
import type { Fit } from '../fit/fit-types.ts';
import { locationOf } from '../fit/fit.ts';
import { tasteVectors } from '../fit/taste-vectors.ts';
import type { Learned } from '../fit/learned.ts';
import type { Mapping } from '../read/mapping.ts';
import type { ImportedMeetings } from '../read/meetings.ts';
import type { ImportedPeople } from '../read/people.ts';

/** A market of real people: scenario, people, and what a scorer could have learned. */
export interface FittedWorld {
  readonly scenario: Scenario;
  readonly cast: Cast;
  readonly learned: Learned;
}

/** Ranges of the knobs that the fit sets (scenario/behaviour.ts). */
const MAX_TASTE = 2;
const MAX_TALK = 1.5;
const MAX_HUB = 2;
const TALKATIVE = [2, 600] as const;
/** Maximum factor by which a country's talk may change the stay. */
const STRETCH = 10;
/** Share of the people who are online at the start. */
const ONLINE = 0.8;
/** Target number of people who wait in a tick: with fewer, a policy has no choice. */
const WAITING = 60;
const ticks = [500, 1000, 2000, 5000] as const;

/**
 * The market that the fit describes. The world's law of a chat stays (world/world.ts,
 * sim/evening/meeting.ts); its terms for languages, ages, moods and wishes are 0, because the
 * estimates already include them.
 * @throws LabError if people stay longer or shorter than the market allows.
 */
export function fittedWorld(
  people: ImportedPeople,
  meetings: ImportedMeetings,
  mapping: Mapping,
  fit: Fit,
  learned: Learned,
  seed: number,
  vectors?: OwnVectors,
): FittedWorld {
  const { user, peer } = tasteVectors(fit, people);
  const longest = (v: Float64Array) => {
    let max = 0;
    for (let p = 0; p < people.count; p++) max = Math.max(max, norm(v, p * TASTE));
    return max;
  };
  const [lengthUser, lengthPeer] = [longest(user), longest(peer)];
  // Shorten only vectors beyond the range of the knob.
  const maxProduct = MAX_TASTE * TASTE_SIGMA;
  const shrink = Math.min(1, Math.sqrt(maxProduct / Math.max(1e-12, lengthUser * lengthPeer)));
  const radiusUser = shrink * lengthUser;
  const radiusPeer = shrink * lengthPeer;
  const taste = Math.min(MAX_TASTE, (radiusUser * radiusPeer) / TASTE_SIGMA);
  const talkSpread = Math.min(MAX_TALK, largest(fit.talk) / PERSON_SIGMAS);
  const hub = Math.min(MAX_HUB, largest(fit.charm) / PERSON_SIGMAS);

  const base: Omit<Cast, 'key'> = {
    name: shortName(people.report.file),
    count: people.count,
    ids: people.ids,
    groupLabel: mapping.group ?? 'group',
    groupNames: spoken(mapping.group, people.groupNames),
    group: people.group,
    sideLabel: mapping.side ?? 'side',
    sideNames: spoken(mapping.side, people.sideNames),
    side: people.side,
    acrossOnly: mapping.acrossOnly && people.sideNames.length > 1,
    age: people.age,
    ageTold: people.ageTold,
    taste: scaled(user, radiusUser),
    appeal: scaled(peer, radiusPeer),
    talk: Float32Array.from(fit.talk, (v) => (talkSpread === 0 ? 0 : v / talkSpread)),
    charm: Float32Array.from(fit.charm, (v) => (hub === 0 ? 0 : v / hub)),
    ...pasts(people, meetings, fit),
    ...(vectors && { vectors }),
  };
  const cast: Cast = { key: keyOf(base, seed), ...base };
  return { scenario: marketOf(cast, people, meetings, fit, { taste, talkSpread, hub }, seed), cast, learned };
}

function marketOf(
  cast: Cast,
  people: ImportedPeople,
  meetings: ImportedMeetings,
  fit: Fit,
  knobs: { taste: number; talkSpread: number; hub: number },
  seed: number,
): Scenario {
  const median = Math.exp(fit.mean);
  const talkativeness = Math.min(TALKATIVE[1], Math.max(TALKATIVE[0], median));
  const stretch = median / talkativeness;
  if (!(stretch <= STRETCH && stretch >= 1 / STRETCH))
    throw new LabError(
      `people would stay ${median.toPrecision(3)} s in an average meeting; the market has chats of ${TALKATIVE[0] / STRETCH} to ${TALKATIVE[1] * STRETCH} s; check the unit of the durations`,
      meetings.report.file,
    );
  const shares = (of: Uint8Array, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name, k) => [name, of.reduce((sum, v) => sum + (v === k ? 1 : 0), 0) / people.count]),
    );
  const codes = countries.map(({ code }) => code as string);
  const behaviour: ScenarioInput['behaviour'] = {
    talkativeness,
    ...knobs,
    talkOf: Object.fromEntries(codes.map((code) => [code, stretch])),
    tail: Math.min(2, Math.max(0.1, fit.tail)),
    countryTalk: 0,
    language: 0,
    age: 0,
    mood: 0,
    tonight: 0,
    tasteDrift: 0,
    friendRate: 0,
    reportRate: Math.min(0.3, reportShare(meetings)),
  };
  const online = Math.max(2, Math.round(ONLINE * people.count));
  const population: ScenarioInput['population'] = {
    people: Math.max(100, people.count),
    online,
    dailySwing: 0,
    newcomers: 0,
    genderFilter: 0,
    countryFilter: 0,
    reported: 0,
    paying: 0,
    foreignDevice: 0,
    bilingual: 0,
    women: people.side.reduce((sum, s) => sum + (s === 0 ? 1 : 0), 0) / people.count,
    countries: shares(people.group, codes),
    ages: shares(people.age, ageBands),
  };
  const first = complete({ seed, behaviour, population });
  // In a steady market people join the pool as fast as chats end, and arrivals replace those who
  // leave for good.
  const ends = online / chatLaw(first).mean;
  const wanted = Math.min(WAITING, people.count / 8);
  const tickMs = ticks.find((ms) => (ends * ms) / 1000 >= wanted) ?? ticks[ticks.length - 1];
  const { again, comeBack } = first.behaviour;
  return complete({
    name: cast.name,
    seed,
    cast: cast.key,
    behaviour: { ...behaviour, patience: Math.min(600, Math.max(20, (8 * tickMs) / 1000)) },
    population: {
      ...population,
      arrivalsPerMinute: Math.min(
        100_000,
        Math.max(10, Math.round(60 * ends * (1 - again) * (1 - comeBack))),
      ),
    },
    policy: { tickMs, waitingBonus: 0 },
  });
}

/** The file name without folders, short enough for a title. */
function shortName(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).slice(0, 60);
}

/** Adds the column's name to codes, which say nothing alone: "race 2" for "2". */
function spoken(label: string | null, names: readonly string[]): readonly string[] {
  if (label === null) return names;
  return names.map((name) => (/^[\d.,+-]*$|^.$/u.test(name) ? `${label} ${name}` : name));
}

function reportShare({ reportA, reportB }: ImportedMeetings): number {
  let yes = 0;
  let told = 0;
  for (const column of [reportA, reportB])
    for (const r of column)
      if (r >= 0) {
        told++;
        yes += r;
      }
  return told === 0 ? 0 : yes / told;
}

/** Meetings per person, and their mean ln seconds: from the file, or as the fit expects. */
function pasts(
  people: ImportedPeople,
  meetings: ImportedMeetings,
  fit: Fit,
): Pick<Cast, 'meetings' | 'meanLog'> {
  const count = new Uint32Array(people.count);
  const sum = new Float64Array(people.count);
  for (let m = 0; m < meetings.count; m++) {
    const a = meetings.a[m];
    const b = meetings.b[m];
    const told = meetings.duration[m];
    const log =
      told > 0
        ? Math.log(told)
        : Math.min(locationOf(fit, people, a, b), locationOf(fit, people, b, a)) - 0.56 * fit.tail;
    for (const p of [a, b]) {
      count[p]++;
      sum[p] += log;
    }
  }
  const usual = fit.mean - 0.56 * fit.tail;
  return {
    meetings: count,
    meanLog: Float32Array.from(sum, (s, p) => (count[p] === 0 ? usual : s / count[p])),
  };
}

/** Rows divided by the radius; longer rows are shortened to it. */
function scaled(v: Float64Array, radius: number): Float32Array {
  const out = new Float32Array(v.length);
  if (radius === 0) return out;
  for (let at = 0; at < v.length; at += TASTE) {
    const length = norm(v, at);
    // Slightly inside, so that rounding to f32 never leaves the unit ball.
    const by = (1 - 1e-6) / Math.max(radius, length);
    for (let k = 0; k < TASTE; k++) out[at + k] = v[at + k] * by;
  }
  return out;
}

function norm(v: Float64Array, at: number): number {
  let q = 0;
  for (let k = 0; k < TASTE; k++) q += v[at + k] ** 2;
  return Math.sqrt(q);
}

function largest(values: Float64Array): number {
  let max = 0;
  for (const v of values) max = Math.max(max, Math.abs(v));
  return max;
}

function keyOf(cast: Omit<Cast, 'key'>, seed: number): string {
  const digest = new Digest();
  digest.add(seed);
  digest.add(cast.acrossOnly ? 1 : 0);
  for (const text of [cast.name, cast.groupLabel, ...cast.groupNames, ...cast.sideNames, ...cast.ids])
    for (let k = 0; k < text.length; k++) digest.add(text.charCodeAt(k));
  for (const column of [cast.group, cast.side, cast.age, cast.meetings])
    for (const v of column) digest.add(v);
  for (const column of [cast.taste, cast.appeal, cast.talk, cast.charm])
    for (const v of column) digest.addFloat(v);
  if (cast.vectors !== undefined) {
    const { dim, peer, user = peer, scale, bias } = cast.vectors;
    digest.add(dim);
    for (const column of [peer, user]) for (const v of column) digest.add(v & 0xffff);
    for (const v of [scale, bias]) digest.addFloat(v);
  }
  return `people-${digest.hex()}`;
}
