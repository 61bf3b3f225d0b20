import type { CandidateLists } from '../../../score/candidates/lists.ts';
import { shuffle } from '../../../score/shuffle.ts';
import type { KernelTeam } from '../../../score/threads/team.ts';
import { BITS, DUAL_STEPS, epsilonUnits, MEAN_BITS, unitsFor } from '../../../score/units.ts';
import { reserve, wasmInstance } from '../../../score/wasm/instance.ts';
import { priceCertificate } from '../../unit-certificate.ts';
import bytes from './sketch.as.ts?wasm';

/** What `runAside` of `sketch.as.ts` takes. */
type Run = [
  ...[at: number, people: number, entries: number, units: number, least: number],
  ...[steps: number, epsilon: number, maxRounds: number, most: number],
];
/** The exports of `sketch.as.ts`. */
interface Sketch {
  setSketch(at: number, people: number, entries: number): number;
  runAside(...given: Run): void;
  address(entries: number): void;
  certifyPrices(steps: number): void;
}
const open = wasmInstance<Sketch>(bytes);

/** The two certificates of a sketch, y as i32[n] in units, and their units. */
export interface Sketched {
  readonly byLists: Int32Array;
  readonly byPrices: Int32Array;
  readonly units: number;
}

/** What a sketch depends on: epsilon as a share, and how many rounds of bidding it has at most. */
interface SketchLimits {
  readonly share: number;
  readonly rounds: number;
}

/**
 * The certificates of `sketchProof` by WebAssembly. A thread of the team begins at once where one
 * is free; otherwise this thread computes them when they are asked for. They are the same.
 *
 * @returns gives them; undefined where WebAssembly cannot run.
 */
export function beginSketch(
  lists: CandidateLists,
  limits: SketchLimits,
  team?: KernelTeam,
): () => Sketched | undefined {
  const opened = open();
  if (opened === null) return () => undefined;
  const own = () => {
    const given = load(opened.memory, 0, lists, limits);
    opened.exports.runAside(...given);
    return read(opened.memory, given);
  };
  const aside = team?.open(lists.n)?.aside(bytes);
  if (aside === undefined) return own;
  const given = load(aside.memory, aside.at, lists, limits);
  const finish = aside.begin(given);
  return () => (finish() ? read(aside.memory, given) : own());
}

/** Where the arrays of people begin behind the entries, in the order of the kernel; in words. */
const people = ([at, n, entries]: Run, k: number): number => at / 4 + 4 * entries + k * (n + 1);

/** Writes lists to memory, from address `at` on. */
function load(
  memory: WebAssembly.Memory,
  at: number,
  { n, start, count, col, key }: CandidateLists,
  { share, rounds }: SketchLimits,
): Run {
  const entries = start[n];
  reserve(memory, open()!.exports.setSketch(at, n, entries));
  let top = 0;
  for (let i = 0; i < n; i++) if (count[i] > 0) top = Math.max(top, key[start[i]]);
  const units = unitsFor(top);
  let sum = 0;
  for (let i = 0; i < n; i++)
    if (count[i] > 0) sum += Math.max(0, Math.ceil(key[start[i]] * units)) >> MEAN_BITS;
  const epsilon = epsilonUnits(share, Math.floor(sum / Math.max(1, n)));
  const given: Run = [at, n, entries, units, -(2 ** BITS), DUAL_STEPS, epsilon, rounds, 2 ** (BITS + 2)];
  const words = new Int32Array(memory.buffer);
  new Float64Array(memory.buffer, at, entries).set(key.subarray(0, entries));
  words.set(col.subarray(0, entries), at / 4 + 3 * entries);
  words.set(start.subarray(0, n + 1), people(given, 0));
  words.set(count.subarray(0, n), people(given, 1));
  const place = people(given, 2);
  const order = shuffle(n);
  for (let k = 0; k < n; k++) words[place + order[k]] = k;
  return given;
}

/** The certificates that a sketch has left in memory. */
function read(memory: WebAssembly.Memory, given: Run): Sketched {
  const words = new Int32Array(memory.buffer);
  const [byLists, byPrices] = [15, 3].map((k) => words.slice(people(given, k), people(given, k) + given[1]));
  return { byLists, byPrices, units: given[3] };
}

/** `priceCertificate` by WebAssembly where it can run. */
export const priceCertificateByKernel: typeof priceCertificate = (lists, price, floor, certified) => {
  const opened = open();
  if (opened === null) return priceCertificate(lists, price, floor, certified);
  const { memory, exports: kernel } = opened;
  const { n, start, end, col, w } = lists;
  const entries = w.length;
  reserve(memory, kernel.setSketch(0, n, entries));
  const words = new Int32Array(memory.buffer);
  words.set(w, 2 * entries);
  words.set(col, 3 * entries);
  kernel.address(entries);
  const at = (k: number): number => 4 * entries + k * (n + 1);
  words.set(start.subarray(0, n), at(0));
  for (let i = 0, to = at(1); i < n; i++, to++) words[to] = end[i] - start[i];
  words.set(price, at(4));
  words.set(floor, at(5));
  kernel.certifyPrices(DUAL_STEPS);
  certified.set(words.subarray(at(3), at(3) + n));
};
