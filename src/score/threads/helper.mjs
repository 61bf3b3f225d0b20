// What a thread does for the scoring kernel of another thread. Plain JavaScript without imports, so
// that a thread starts at once. `team.ts` is the other side.

/** Words of the shared memory, and where the numbers of a job begin. See helper.d.mts. */
export const Control = {
  turn: 0,
  next: 1,
  tasks: 2,
  joined: 16,
  done: 80,
  claimed: 144,
  job: 1024,
  end: 2048,
};

/** Lists that a task finishes. */
export const FINISHED = 256;

/** Prepares an instance of the kernel for a job. See helper.d.mts. */
export function enter(score, memory, job, thread) {
  const { setup, used, tile, tileBytes, dense, denseBytes, lists, listBytes, count, room, unrounded } = job;
  score.setup(...setup);
  if (job.code > 0) installFormula(score, memory, job);
  score.useBlocks(used);
  score.scratch(tile + thread * tileBytes);
  score.writeTo(dense + thread * denseBytes);
  score.useLists(lists + thread * listBytes, count, room, unrounded === 1);
}

/** Takes tasks of a job until there are none. Returns how many it did. */
export function takeTasks(score, control, { kind, who, count, others }) {
  let claimed = 0;
  for (;;) {
    const task = Atomics.add(control, Control.next, 1);
    if (task >= Atomics.load(control, Control.tasks)) return claimed;
    if (kind === 0) {
      // Every thread has lists of its own.
      if (claimed === 0) score.clearLists(0, count, false);
      score.halfSquare(task);
    } else if (kind === 1) score.bestOfRows(who + 16 * task, 4 * task);
    else if (kind === 2) score.netOfRows(who + 16 * task, 4 * task);
    else score.finishLists(task * FINISHED, Math.min(count, (task + 1) * FINISHED), who, others);
    claimed++;
  }
}

/** The formula that is open in each instance of the kernel. */
const opened = new WeakMap();

/** Opens the formula whose module is behind the control block. See helper.d.mts. */
export function installFormula(score, memory, { formula, code }) {
  if (opened.get(score) === formula) return;
  const { exp4, log4, table } = score;
  const bytes = new Uint8Array(memory.buffer, Control.end, code).slice();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory, exp4, log4 },
  });
  // Slot 0 of the table is the one that AssemblyScript keeps empty.
  if (table.length < 2) table.grow(1);
  table.set(1, exports.weigh);
  opened.set(score, formula);
}

const SETUP = 15;
const fields = [
  ...['kind', 'used', 'tile', 'tileBytes', 'dense', 'denseBytes', 'lists', 'listBytes', 'count', 'room'],
  ...['unrounded', 'who', 'others', 'formula', 'code'],
];

/** Writes a job to shared memory. */
export function writeJob(memory, job) {
  const numbers = new Float64Array(memory.buffer, Control.job, SETUP + fields.length);
  numbers.set(job.setup.map(Number));
  numbers.set(
    fields.map((name) => job[name]),
    SETUP,
  );
}

function readJob(memory) {
  const numbers = new Float64Array(memory.buffer, Control.job, SETUP + fields.length);
  const job = Object.fromEntries(fields.map((name, k) => [name, numbers[SETUP + k]]));
  return { ...job, setup: [...numbers.subarray(0, SETUP)] };
}

/** The life of a thread: waits for a job, joins in, and waits for the next. */
export function serveKernel({ module, memory, thread }) {
  const score = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const control = new Int32Array(memory.buffer, 0, Control.job / 4);
  for (let seen = 0; ;) {
    Atomics.wait(control, Control.turn, seen);
    seen = Atomics.load(control, Control.turn);
    // A job is open in odd turns.
    if (seen % 2 === 0) continue;
    Atomics.store(control, Control.joined + thread, seen);
    // The closing thread sees that this thread has joined, or this thread sees that it closes.
    if (Atomics.load(control, Control.turn) === seen) {
      const job = readJob(memory);
      enter(score, memory, job, thread);
      Atomics.store(control, Control.claimed + thread, takeTasks(score, control, job));
    }
    Atomics.store(control, Control.done + thread, seen);
    Atomics.notify(control, Control.done + thread);
  }
}
