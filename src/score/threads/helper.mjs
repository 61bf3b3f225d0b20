// What a thread does for the scoring kernel of another thread. Plain JavaScript without imports, so
// that a thread starts at once. `team.ts` is the other side.

/** Words of the shared memory, and where the numbers of a job begin. See helper.d.mts. */
export const Control = {
  turn: 0,
  next: 1,
  tasks: 2,
  released: 3,
  aside: 4,
  joined: 16,
  done: 80,
  locks: 256,
  job: 2048,
  asideJob: 3072,
  end: 4096,
};

/** States of the work aside. */
export const Aside = { none: 0, posted: 1, taken: 2, done: 3 };

/** Milliseconds that a thread waits without sleep: about what it takes to wake up. */
const SPIN = 0.1;

/** Lists that a task finishes. */
export const FINISHED = 256;

/** Prepares an instance of the kernel for a job. See helper.d.mts. */
export function enter(score, memory, job, thread) {
  const { setup, used, tile, tileBytes, dense, denseBytes, lists, count, room, unrounded } = job;
  score.setup(...setup);
  if (job.code > 0) installFormula(score, memory, job);
  score.useBlocks(used);
  score.scratch(tile + thread * tileBytes);
  score.writeTo(dense + thread * denseBytes);
  score.useLists(lists, count, room, unrounded === 1);
}

/** Takes tasks of a job until there are none. See helper.d.mts. */
export function takeTasks(score, memory, job, patience) {
  const { kind, who, count } = job;
  const control = new Int32Array(memory.buffer, 0, Control.job / 4);
  if (kind === 0) return takePairs(score, control, new Int32Array(memory.buffer, who), job, patience);
  const tasks = Atomics.load(control, Control.tasks);
  // Neighbours have words in the same line of the cache, which threads would take from each other
  // all the time: so tasks that follow each other are far apart.
  const quarter = Math.ceil(tasks / 4);
  for (;;) {
    const next = Atomics.add(control, Control.next, 1);
    if (next >= 4 * quarter) return true;
    const task = (next % 4) * quarter + (next >> 2);
    if (task >= tasks) continue;
    if (kind === 1) score.bestOfRows(who + 16 * task, 4 * task);
    else if (kind === 2) score.netOfRows(who + 16 * task, 4 * task);
    else score.finishLists(task * FINISHED, Math.min(count, (task + 1) * FINISHED));
  }
}

/** How long a thread sleeps at most where others hold all groups that are left, milliseconds. */
const NAP = 1;

/**
 * Takes pairs of groups of which nobody holds one. `taken` has a word for each pair. False where
 * all that are left were held for too long: a thread has died.
 */
function takePairs(score, control, taken, { groups, size }, patience) {
  const pairs = pairsOf(groups);
  const begun = performance.now();
  let [waited, asleep] = [0, 0];
  for (let begin = 0; ;) {
    const seen = Atomics.load(control, Control.released);
    while (begin < pairs.length && Atomics.load(taken, begin) === 1) begin++;
    if (begin === pairs.length) return true;
    const done = pairs.findIndex(([a, b], task) => {
      if (task < begin || Atomics.load(taken, task) === 1 || !hold(control, a)) return false;
      const isHeld = a === b || hold(control, b);
      const isMine = isHeld && Atomics.compareExchange(taken, task, 0, 1) === 0;
      if (isMine) score.groupPairs(a, b, size);
      if (isHeld && a !== b) release(control, b);
      release(control, a);
      return isMine;
    });
    if (done >= 0) waited = 0;
    else {
      const now = performance.now();
      if (waited > patience + 4 * (now - begun - asleep)) return false;
      Atomics.wait(control, Control.released, seen, NAP);
      const nap = performance.now() - now;
      waited += nap;
      asleep += nap;
    }
  }
}

function hold(control, group) {
  return Atomics.compareExchange(control, Control.locks + group, 0, 1) === 0;
}

function release(control, group) {
  Atomics.store(control, Control.locks + group, 0);
  Atomics.add(control, Control.released, 1);
  Atomics.notify(control, Control.released);
}

/** All pairs of groups, in rounds in which each group occurs once: threads hold different ones. */
function pairsOf(groups) {
  const pairs = [];
  for (let round = 0; round < groups; round++)
    for (let a = 0; a < groups; a++) {
      const b = (round - a + groups) % groups;
      if (a <= b) pairs.push([a, b]);
    }
  return pairs;
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
  ...['kind', 'used', 'tile', 'tileBytes', 'dense', 'denseBytes', 'lists', 'count', 'room'],
  ...['unrounded', 'who', 'groups', 'size', 'formula', 'code'],
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

/** Waits for a short time without sleep. See helper.d.mts. */
export function spin(isOver) {
  for (const end = performance.now() + SPIN; !isOver() && performance.now() < end;);
}

/** Posts work aside. See helper.d.mts. */
export function writeAside(memory, code, given) {
  new Float64Array(memory.buffer, Control.asideJob, 2 + given.length).set([code, given.length, ...given]);
}

/** Does the work aside if no other thread has taken it. */
function takeAside(memory, beside, open) {
  const control = new Int32Array(memory.buffer, 0, Control.job / 4);
  const { posted, taken, done } = Aside;
  if (Atomics.compareExchange(control, Control.aside, posted, taken) !== posted) return;
  const [code, count] = new Float64Array(memory.buffer, Control.asideJob, 2);
  open(code).runAside(...new Float64Array(memory.buffer, Control.asideJob + 16, count));
  Atomics.store(control, Control.aside, done);
  Atomics.notify(control, Control.aside);
}

function openAside(memory, code) {
  // A module cannot be compiled from shared memory.
  const bytes = new Uint8Array(memory.buffer, 0, code).slice();
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
}

/** The life of a thread: waits for a job, joins in, and waits for the next. */
export function serveKernel({ module, memory, beside, thread }) {
  const score = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const control = new Int32Array(memory.buffer, 0, Control.job / 4);
  let aside;
  const open = (code) => (aside ??= openAside(beside, code));
  for (let seen = 0; ;) {
    Atomics.wait(control, Control.turn, seen);
    seen = Atomics.load(control, Control.turn);
    takeAside(memory, beside, open);
    // A job is open in odd turns.
    if (seen % 2 === 0) continue;
    Atomics.store(control, Control.joined + thread, seen);
    // The closing thread sees that this thread has joined, or this thread sees that it closes.
    const job = Atomics.load(control, Control.turn) === seen && readJob(memory);
    if (job) {
      enter(score, memory, job, thread);
      takeTasks(score, memory, job, Infinity);
    }
    Atomics.store(control, Control.done + thread, seen);
    Atomics.notify(control, Control.done + thread);
    // Once all pairs are scored, the job that finishes their lists comes at once.
    if (job.kind === 0) spin(() => Atomics.load(control, Control.turn) > seen + 1);
  }
}
