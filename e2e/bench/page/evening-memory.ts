/**
 * One evening of `lab run` in a process of its own, which then tells its parent what it holds:
 * `fork` with the evening as its argument, in JSON, and `--expose-gc`.
 */
import { simulateEvening } from '../../../src/lab/run/simulate.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import type { Market } from '../../../src/sim/types.ts';

/** What a process holds after an evening, in bytes, and whom it has met. */
export interface Held {
  /** People who have arrived so far; most people who waited in a tick. */
  readonly here: number;
  readonly waiting: number;
  readonly heap: number;
  readonly arrays: number;
  /** Memories of WebAssembly. */
  readonly wasm: number;
}

const { scenario: input, ticks } = JSON.parse(process.argv[2]) as { scenario: unknown; ticks: number };
const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};
let market: Market | undefined;
let [done, waiting] = [0, 0];

async function report(): Promise<void> {
  for (let k = 0; k < 3; k++) {
    (globalThis as unknown as { gc(): void }).gc();
    // What a collection finds free is given back a moment later.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { heapUsed: heap, arrayBuffers: arrays } = process.memoryUsage();
  const here = market!.balances().at(-1)!.arrivals;
  const wasm = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  process.send!({ here, waiting, heap, arrays, wasm } satisfies Held);
}

await simulateEvening(
  {
    ...{ scenario: parseScenario(input), fitted: null, ticks, backend: 'cpu', threads: 1, tables: false },
    observe(opened) {
      market = opened;
      opened.observe({ ticked: (tick) => (waiting = Math.max(waiting, tick.waiting)) });
    },
    // While the evening still needs all that it holds.
    ticked: async () => {
      if (++done === ticks) await report();
    },
  },
  () => undefined,
);
