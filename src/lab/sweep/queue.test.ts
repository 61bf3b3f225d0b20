import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlineRunner } from '../../experiment/jobs/inline.ts';
import { nodeContext } from '../jobs/node-context.ts';
import { queueRunner } from '../jobs/queue.ts';
import { all, smallJobs } from '../jobs/testing/small-jobs.ts';
import { hasRedis, startRedis } from '../jobs/testing/redis-server.ts';
import { command } from './sweep.ts';

let folder: string;
let scenario: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-queue-'));
  scenario = join(folder, 'small.json');
  const population = { people: 1000, online: 100, arrivalsPerMinute: 60 };
  writeFileSync(scenario, JSON.stringify({ seed: 50_000, population, policy: { scorer: 'rules' } }));
  if (!hasRedis) console.warn('Skipped: the queue needs redis-server (sudo apt-get install redis-server).');
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The bytes of a sweep's table. */
async function sweep(name: string, args: readonly string[], say: (line: string) => void = () => undefined) {
  const file = join(folder, name);
  await command.run([scenario, ...args, '--out', file], say);
  return readFileSync(file, 'utf8');
}

/** Starts `lab worker`; resolves when it takes jobs. */
function startWorker(url: string): Promise<ChildProcess> {
  const lab = ['--import', 'tsx', '--import', './src/lab/register.mjs', 'src/lab/main.ts', 'worker'];
  const child = spawn(process.execPath, [...lab, '--queue', url, '--jobs', '1'], {
    cwd: join(import.meta.dirname, '../../..'),
  });
  children.push(child);
  return new Promise((resolve) =>
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('takes jobs from')) resolve(child);
    }),
  );
}

test('an address without Redis is an error at once', async () => {
  await expect(
    sweep('none.csv', ['--seeds', '1', '--queue', 'redis://user:secret@127.0.0.1:1/0']),
  ).rejects.toThrow(/^--queue redis:\/\/127.0.0.1:1\/0: no Redis answers \(ECONNREFUSED\); start one/);
  await expect(sweep('none.csv', ['--queue', 'localhost:6379'])).rejects.toThrow(
    'expected redis://HOST:PORT/DB',
  );
});

describe.skipIf(!hasRedis)('two workers on a Redis', () => {
  test('make the table of one process and of threads, also if one of them is killed', async () => {
    const { url, server } = await startRedis();
    children.push(server);
    const workers = await Promise.all([startWorker(url), startWorker(url)]);
    const grid = ['--vary', 'policy.matcher=greedy,auction', '--vary', 'policy.threshold=0:25:5'];
    const short = [...grid, '--seeds', '2', '--ticks', '5'];
    const one = await sweep('one.csv', [...short, '--workers', '0']);
    expect(await sweep('threads.csv', [...short, '--workers', '2'])).toBe(one);
    expect(await sweep('queue.csv', [...short, '--queue', url])).toBe(one);

    const jobs = smallJobs(12, 60);
    const runner = await queueRunner(url, () => undefined);
    const finished: number[] = [];
    const killed = await all(runner, jobs, {
      onResult(_, job) {
        finished.push(job);
        if (finished.length === 2) workers[0].kill('SIGKILL');
      },
    });
    expect(workers[0].killed).toBe(true);
    expect(killed).toEqual(await all(inlineRunner(nodeContext()), jobs));
    expect(finished.toSorted((i, j) => i - j)).toEqual([...jobs.keys()]);
  });
});
