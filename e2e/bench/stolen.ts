import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Milliseconds between two looks; the kernel counts stolen time in steps of 10. */
const EVERY_MS = 5;
/** Looks that are kept: some ten minutes. */
const LOOKS = 2 ** 17;
/** /proc/stat counts in hundredths of a second. */
const TICK_MS = 10;

/**
 * The time that a hypervisor took from each processor of this machine while it had work (steal of proc(5)), looked at by a thread of its own. On
 * a machine of one's own, or where nobody tells, nothing is stolen.
 */
export class Stolen {
  /** Looks so far, then one row per look: milliseconds, then stolen milliseconds per processor. */
  readonly #seen: Float64Array;
  readonly #processors = stolenSoFar().length;
  readonly #worker: Worker;

  constructor() {
    this.#seen = new Float64Array(new SharedArrayBuffer(8 * (1 + LOOKS * (1 + this.#processors))));
    this.#worker = new Worker(look, {
      eval: true,
      workerData: { seen: this.#seen, every: EVERY_MS, looks: LOOKS },
    });
    this.#worker.unref();
  }

  /**
   * Milliseconds stolen from one processor, the worst hit, between the looks around `begin` and `end` (milliseconds of process.hrtime, which timestamps of software adapters are, too); NaN if
   * nobody looked then. Work on several processors waits for the slowest: without the theft it would have ended so much sooner at most.
   */
  during(begin: number, end: number): number {
    const seen = this.#seen;
    const width = 1 + this.#processors;
    const count = seen[0];
    const at = (k: number) => seen[1 + k * width];
    let last = 0;
    for (let low = 0, high = count - 1; low < high; last = low) {
      const middle = (low + high + 1) >> 1;
      if (at(middle) <= begin) low = middle;
      else high = middle - 1;
    }
    let next = last;
    while (next < count - 1 && at(next) < end) next += 1;
    if (count === 0 || at(last) > begin || at(next) < end) return NaN;
    let most = 0;
    for (let cpu = 1; cpu < width; cpu += 1)
      most = Math.max(most, seen[1 + next * width + cpu] - seen[1 + last * width + cpu]);
    return Math.min(most, end - begin);
  }

  /** Milliseconds stolen so far from all processors together. */
  total(): number {
    return stolenSoFar().reduce((sum, ms) => sum + ms, 0);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Milliseconds per processor; of none where the system does not tell. */
function stolenSoFar(): number[] {
  try {
    return readFileSync('/proc/stat', 'utf8')
      .split('\n')
      .filter((line) => /^cpu\d/.test(line))
      .map((line) => TICK_MS * Number(line.split(/\s+/)[8] ?? 0));
  } catch {
    return [];
  }
}

/** Text, because a worker does not know the loader of this file. */
const look = `
const { readFileSync } = require('node:fs');
const { workerData: { seen, every, looks } } = require('node:worker_threads');
const idle = new Int32Array(new SharedArrayBuffer(4));
for (let k = 0, at = 1; k < looks; k += 1) {
  // Before the time is taken: what is stolen in between counts for the next look.
  let lines = [];
  try {
    lines = readFileSync('/proc/stat', 'utf8').split('\\n').filter((line) => /^cpu\\d/.test(line));
  } catch {}
  seen[at++] = Number(process.hrtime.bigint()) / 1e6;
  for (const line of lines) seen[at++] = ${TICK_MS} * Number(line.split(/\\s+/)[8] ?? 0);
  seen[0] = k + 1;
  Atomics.wait(idle, 0, 0, every);
}
`;
