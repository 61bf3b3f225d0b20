import { clampOf, outputsOf, type Tower, type TowerInput } from '../../layout/tower.ts';
import { reserve, wasmInstance, type WasmInstance } from '../../../score/wasm/instance.ts';
import bytes from './tower.as.ts?wasm';

/** The exports of `tower.as.ts`: byte addresses and lengths, and counts. */
interface Exports {
  setTower(
    slots: number,
    dense: number,
    dim: number,
    quantum: number,
    clamp: number,
    projected: number,
    slotBytes: number,
    wide: number,
    headInputs: number,
    layers: number,
    hidden: number,
    terms: number,
  ): void;
  addLayer(weights: number, bias: number, bytesOfRow: number): void;
  embed(n: number, sparse: number, dense: number, session: number, user: number, peer: number): void;
}

/** People who are in memory at once: it does not grow with those who wait. */
const BLOCK = 1024;

const open = wasmInstance<Exports>(bytes);
/** The tower whose weights are in memory, and where they end. */
const loaded: { tower: Tower | undefined; end: number } = { tower: undefined, end: 0 };

/** Numbers of a row, padded to whole chunks of 16. */
const padded = (outputs: number): number => Math.ceil(outputs / 16) * 16;

/**
 * The vectors of `embedTower` by WebAssembly, bit for bit; undefined where it cannot run.
 *
 * @param project row `row` of the embedding table after the part of slot `slot` in the first layer.
 */
export function embedByKernel(
  input: TowerInput,
  n: number,
  project: (tower: Tower, slot: number, row: number) => Float64Array,
): { user: Float32Array; peer: Float32Array } | undefined {
  const opened = open();
  if (opened === null) return undefined;
  const { tower, sparse, dense, session } = input;
  if (loaded.tower !== tower) load(opened, tower, project);
  const { memory, exports: kernel } = opened;
  const { dim, slots, head } = tower;
  const heads = head?.inputs ?? 0;
  const room = Math.min(n, BLOCK);
  const at = [0, slots, slots + tower.dense, slots + tower.dense + heads].map(
    (before) => loaded.end + 4 * room * before,
  );
  at.push(at[3] + 4 * room * dim);
  reserve(memory, at[4] + 4 * room * dim);
  const words = new Uint32Array(memory.buffer);
  const numbers = new Float32Array(memory.buffer);
  const [user, peer] = [new Float32Array(n * dim), new Float32Array(n * dim)];
  if (session === undefined) numbers.fill(0, at[2] / 4, at[3] / 4);
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    words.set(sparse.subarray(from * slots, to * slots), at[0] / 4);
    numbers.set(dense.subarray(from * tower.dense, to * tower.dense), at[1] / 4);
    if (session !== undefined) numbers.set(session.subarray(from * heads, to * heads), at[2] / 4);
    kernel.embed(to - from, at[0], at[1], at[2], at[3], at[4]);
    for (const [vectors, start] of [
      [user, at[3] / 4],
      [peer, at[4] / 4],
    ] as const)
      vectors.set(numbers.subarray(start, start + (to - from) * dim), from * dim);
  }
  return { user, peer };
}

/** Replaces the weights in memory. */
function load(
  { memory, exports: kernel }: WasmInstance<Exports>,
  tower: Tower,
  project: (tower: Tower, slot: number, row: number) => Float64Array,
): void {
  const { slots, dense, dim, rows, embed, head } = tower;
  loaded.tower = undefined;
  let end = 0;
  const room = (values: number): number => {
    const at = end;
    end += 8 * values;
    reserve(memory, end);
    return at;
  };
  /** Writes rows [count][outputs], padded. */
  const put = (count: number, outputs: number, row: (k: number) => Float32Array | Float64Array): number => {
    const width = padded(outputs);
    const at = room(count * width);
    const to = new Float64Array(memory.buffer, at, count * width);
    to.fill(0);
    for (let k = 0; k < count; k++) to.set(row(k), k * width);
    return at;
  };
  const rowsOf =
    (w: Float32Array, outputs: number, from = 0) =>
    (k: number) =>
      w.subarray((from + k) * outputs, (from + k + 1) * outputs);
  const stages = [...tower.layers];
  if (head !== undefined)
    stages.push({ inputs: head.inputs, outputs: 2 * dim, w: head.w, b: new Float32Array(2 * dim) });
  const outputs = outputsOf(tower);
  const first = padded(stages[0].outputs);
  const widest = Math.max(...stages.map((stage) => padded(stage.outputs)));
  kernel.setTower(
    slots,
    dense,
    dim,
    tower.quantum,
    clampOf(tower),
    put(slots * rows, stages[0].outputs, (k) => project(tower, Math.floor(k / rows), k % rows)),
    8 * rows * first,
    put(rows, outputs, rowsOf(tower.wide, outputs)),
    head?.inputs ?? 0,
    room(2 * stages.length),
    room(widest),
    // One term more is written than counts.
    room(2 * (2 * slots + dense + widest + 1)),
  );
  stages.forEach((stage, l) => {
    // The sparse inputs of the first layer are in the projected table.
    const from = l === 0 ? slots * embed : 0;
    kernel.addLayer(
      put(stage.inputs - from, stage.outputs, rowsOf(stage.w, stage.outputs, from)),
      put(1, stage.outputs, () => stage.b),
      8 * padded(stage.outputs),
    );
  });
  loaded.end = end;
  loaded.tower = tower;
}
