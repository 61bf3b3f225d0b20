import type { Digest } from './hash.ts';

/** Hexadecimal digits of a mark: another evening has the same mark with a chance of 1 in 65,536. */
export const MARK_DIGITS = 4;
const MAX_MARKS = 64;

/** Ticks between two marks of a run: a power of two, so that at most 64 marks are kept. */
function ticksPerMark(ticks: number): number {
  let every = 1;
  while (Math.floor(ticks / every) > MAX_MARKS) every *= 2;
  return every;
}

/** Number of marks of a run of so many ticks. */
export const marksOf = (ticks: number): number => Math.floor(ticks / ticksPerMark(ticks));

/**
 * Beginnings of the digest at evenly spaced ticks of a run: where two runs differ, they tell from
 * which tick on. Equal digests mean equal evenings so far, so the first mark that differs decides.
 */
export class DigestTrail {
  #marks: string[] = [];
  #every = 1;

  /** Is called after every tick with the number of ticks so far, 1 and up. */
  add(ticks: number, digest: Digest): void {
    if (ticks % this.#every !== 0) return;
    this.#marks.push(digest.hex().slice(0, MARK_DIGITS));
    if (this.#marks.length <= MAX_MARKS) return;
    this.#every *= 2;
    this.#marks = this.#marks.filter((_, k) => k % 2 === 1);
  }

  /** The marks one after the other. */
  get text(): string {
    return this.#marks.join('');
  }
}

/** Where two runs part: they agree after the tick `agree`, and differ after the tick `differ`. */
export interface Parting {
  readonly agree: number;
  readonly differ: number;
}

/** Narrows where two runs of so many ticks, whose digests differ at the end, part. */
export function partingOf(ticks: number, one: string, other: string): Parting {
  const every = ticksPerMark(ticks);
  const marks = one.length === other.length ? one.length / MARK_DIGITS : 0;
  const mark = (text: string, k: number) => text.slice(k * MARK_DIGITS, (k + 1) * MARK_DIGITS);
  for (let k = 0; k < marks; k++)
    if (mark(one, k) !== mark(other, k)) return { agree: k * every, differ: (k + 1) * every };
  // Only the digests differ: after the last mark, or at one that agrees by chance.
  const last = marks * every < ticks ? marks : Math.max(0, marks - 1);
  return { agree: last * every, differ: ticks };
}

/** The same in words, as the end of a sentence. */
export function partingText({ agree, differ }: Parting): string {
  if (differ === agree + 1) return `the first tick that differs is ${differ}`;
  return agree === 0
    ? `the first tick that differs is one of the first ${differ}`
    : `the first tick that differs lies between ${agree + 1} and ${differ}`;
}
