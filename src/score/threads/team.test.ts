import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { matchOnCpu } from '../../match/cpu-backend.ts';
import { randomPool } from '../../match/testing/families.ts';
import type { MatchOptions, WeightRule } from '../types.ts';
import { KernelTeam, type SharedArena } from './team.ts';

const HELPER = new URL('../../lab/jobs/kernel-thread.mjs', import.meta.url);
/** A helper that joins its first job, holds the first group of people, and ends. */
const DYING = `
const { workerData: { memory, thread } } = require('node:worker_threads');
const control = new Int32Array(memory.buffer, 0, 256);
Atomics.wait(control, 0, 0);
let turn;
do turn = Atomics.load(control, 0); while (turn % 2 === 0);
Atomics.store(control, 16 + thread, turn);
if (thread === 1) for (;;) if (Atomics.compareExchange(control, 256, 0, 1) === 0) break;
process.exit(1);`;
/** A helper that takes the first work aside, and ends. */
const LEAVING = `
const { workerData: { memory } } = require('node:worker_threads');
const control = new Int32Array(memory.buffer, 0, 256);
while (Atomics.compareExchange(control, 4, 1, 2) !== 1);
process.exit(1);`;

const pool = randomPool(700, 4, 12);
const rule: WeightRule = {
  ...{ transform: 'exp', scale: 1e-4, bias: 2, combination: 'harmonic', threshold: 7 },
};
const teams: KernelTeam[] = [];
afterEach(() => {
  for (const team of teams.splice(0)) team.dispose();
});

function teamOf(helpers: number, dying = 0, code = DYING): KernelTeam {
  let started = 0;
  const team = new KernelTeam(
    helpers,
    (workerData, ended) => {
      const dies = started++ < dying;
      const worker = dies
        ? new Worker(code, { eval: true, workerData, execArgv: [] })
        : new Worker(HELPER, { workerData, execArgv: [] });
      worker.on('exit', ended);
      worker.on('error', () => undefined);
      return { stop: () => void worker.terminate() };
    },
    0,
    200,
  );
  teams.push(team);
  return team;
}

function matched(matcher: MatchOptions['matcher'], team?: KernelTeam) {
  const { times: _, ...result } = matchOnCpu(pool, rule, { matcher, seed: 3 }, team && { team });
  return result;
}

/** Waits until `happened` after ticks. */
async function tickUntil(team: KernelTeam, happened: () => boolean): Promise<void> {
  while (!happened()) {
    expect(matched('greedy', team)).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const expected = matched('greedy');

/**
 * What `run` and `begin` of the work aside have answered. On a slow machine threads may be taken
 * for dead and replaced more often than a test makes them die, so all are watched.
 */
function watched(team: KernelTeam) {
  const ran: (number | undefined)[] = [];
  const answers: boolean[] = [];
  const note = <T>(list: T[], value: T): T => {
    list.push(value);
    return value;
  };
  const open = team.open.bind(team);
  const known = new WeakMap<SharedArena, SharedArena>();
  vi.spyOn(team, 'open').mockImplementation((n) => {
    const shared = open(n);
    if (shared === undefined || known.has(shared)) return shared && known.get(shared);
    const aside: SharedArena['aside'] = (code) => {
      const opened = shared.aside(code);
      if (opened === undefined) return undefined;
      const begin = (given: readonly number[]) => {
        const finish = opened.begin(given);
        return () => note(answers, finish());
      };
      return { ...opened, begin };
    };
    const own = {
      ...shared,
      run: (...job: Parameters<SharedArena['run']>) => note(ran, shared.run(...job)),
      aside,
    };
    known.set(shared, own);
    return own;
  });
  return { ran, answers };
}
const helped = (joined: number | undefined): boolean => joined !== undefined && joined > 0;

test.each([0, 1, 2, 3])('the same result with %i helpers', async (helpers) => {
  const team = teamOf(helpers);
  expect(matched('auction', team)).toEqual(matched('auction'));
  if (helpers === 0) return;
  const { ran } = watched(team);
  // Threads start in their own time.
  await tickUntil(team, () => ran.some(helped));
  expect(matched('auction', team)).toEqual(matched('auction'));
});

test('a helper that dies in the middle of a job loses nothing, and others replace it', async () => {
  const team = teamOf(1, 1);
  const { ran } = watched(team);
  const first = team.open(pool.n)!;
  await tickUntil(team, () => ran.includes(undefined));
  expect(team.open(pool.n)).not.toBe(first);
  ran.length = 0;
  await tickUntil(team, () => ran.some(helped));
});

test.each([1, 3])('one of %i helpers computes the certificate', async (helpers) => {
  const team = teamOf(helpers);
  const { answers } = watched(team);
  await tickUntil(team, () => answers.includes(true));
  expect(matched('auction', team)).toEqual(matched('auction'));
});

test('a certificate whose helper dies is computed again, and others replace the helper', async () => {
  const team = teamOf(1, 1, LEAVING);
  const first = team.open(pool.n)!;
  await tickUntil(team, () => team.open(pool.n) !== first);
  const { answers } = watched(team);
  await tickUntil(team, () => answers.includes(true));
});

test('a certificate for which no helper is there in time is computed by the caller', () => {
  const team = new KernelTeam(1, () => ({ stop: () => undefined }), 0);
  const { answers } = watched(team);
  expect(matched('greedy', team)).toEqual(expected);
  expect(matched('greedy', team)).toEqual(expected);
  expect(answers).toEqual([false, false]);
});

test('few people are matched without threads', () => {
  const team = new KernelTeam(3, () => expect.unreachable('no thread is needed'));
  expect(matched('greedy', team)).toEqual(expected);
  expect(team.open(1999)).toBeUndefined();
});
