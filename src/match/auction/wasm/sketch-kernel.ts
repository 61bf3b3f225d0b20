import type { CandidateLists } from '../../../score/candidates/lists.ts';
import { shuffle } from '../../../score/shuffle.ts';
import { BITS, DUAL_STEPS, epsilonUnits, MEAN_BITS, unitsFor } from '../../../score/units.ts';
import { reserve, wasmInstance } from '../../../score/wasm/instance.ts';
import { priceCertificate } from '../../unit-certificate.ts';
import bytes from './sketch.as.ts?wasm';

/** The exports of `sketch.as.ts`. */
interface Sketch {
  setSketch(people: number, entries: number): number;
  certify(units: number, least: number, meanBits: number, steps: number): number;
  play(epsilon: number, maxRounds: number, most: number): void;
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

/**
 * The certificates of `sketchProof` by WebAssembly; undefined where it cannot run.
 *
 * @param share epsilon, and `rounds` of bidding at most.
 */
export function sketchByKernel(
  lists: CandidateLists,
  { share, rounds }: { share: number; rounds: number },
): Sketched | undefined {
  const opened = open();
  if (opened === null) return undefined;
  const { memory, exports: kernel } = opened;
  const { n, start, count, col, key } = lists;
  const entries = start[n];
  reserve(memory, kernel.setSketch(n, entries));
  let top = 0;
  for (let i = 0; i < n; i++) if (count[i] > 0) top = Math.max(top, key[start[i]]);
  const units = unitsFor(top);
  const words = new Int32Array(memory.buffer);
  new Float64Array(memory.buffer).set(key.subarray(0, entries));
  words.set(col.subarray(0, entries), 3 * entries);
  // The arrays of people begin behind the entries, in the order of the kernel.
  const people = (k: number): number => 4 * entries + k * (n + 1);
  words.set(start.subarray(0, n + 1), people(0));
  words.set(count.subarray(0, n), people(1));
  shuffle(n).forEach((i, k) => (words[people(2) + i] = k));
  const y = () => words.slice(people(3), people(3) + n);
  const sum = kernel.certify(units, -(2 ** BITS), MEAN_BITS, DUAL_STEPS);
  const byLists = y();
  kernel.play(epsilonUnits(share, Math.floor(sum / Math.max(1, n))), rounds, 2 ** (BITS + 2));
  kernel.certifyPrices(DUAL_STEPS);
  return { byLists, byPrices: y(), units };
}

/** `priceCertificate` by WebAssembly where it can run. */
export const priceCertificateByKernel: typeof priceCertificate = (lists, price, floor, certified) => {
  const opened = open();
  if (opened === null) return priceCertificate(lists, price, floor, certified);
  const { memory, exports: kernel } = opened;
  const { n, start, end, col, w } = lists;
  const entries = w.length;
  reserve(memory, kernel.setSketch(n, entries));
  const words = new Int32Array(memory.buffer);
  words.set(w, 2 * entries);
  words.set(col, 3 * entries);
  kernel.address(entries);
  const people = (k: number): number => 4 * entries + k * (n + 1);
  words.set(start.subarray(0, n), people(0));
  for (let i = 0, at = people(1); i < n; i++, at++) words[at] = end[i] - start[i];
  words.set(price, people(4));
  words.set(floor, people(5));
  kernel.certifyPrices(DUAL_STEPS);
  certified.set(words.subarray(people(3), people(3) + n));
};
