import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const lab = 'node --import tsx --import ./src/lab/register.mjs src/lab/main.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a line of bash in the repository. Sends `signal` after the first output on stderr. */
function bash(line: string, signal?: NodeJS.Signals): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', line], { cwd: root });
    const texts = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, by) => resolve({ code, signal: by, ...texts }));
    if (signal) child.stderr.once('data', () => child.kill(signal));
  });
}

const slow = 300_000;

test(
  'reads a scenario from standard input and prints one JSON object',
  async () => {
    const line = `printf '{"seed":3}' | ${lab} run - --ticks 1 --backend cpu --set policy.scorer=rules --json`;
    const { code, out } = await bash(line);
    expect([code, JSON.parse(out)]).toMatchObject([0, { seed: 3, ticks: 1, backend: 'cpu' }]);
  },
  slow,
);

test(
  'reads a process substitution, and names the place of an error in it',
  async () => {
    const line = `${lab} match <(printf 'u,v,weight\\na,b,2\\na,c,x\\n') --format edges --json`;
    const { code, out, err } = await bash(line);
    expect(code).toBe(1);
    expect(err).toMatch(/^\/dev\/fd\/\d+:3:5: [^\n]*\n$/);
    expect(JSON.parse(out)).toMatchObject({ error: err.trimEnd(), exitCode: 1 });
  },
  slow,
);

test(
  'a failed write has exit code 1 and one line; a closed pipe none',
  async () => {
    const full = await bash(`${lab} --version > /dev/full`);
    expect(full).toMatchObject({
      code: 1,
      err: 'standard output: cannot be written: no space is left on the device\n',
    });
    const closed = await bash(`${lab} --version | true; echo "\${PIPESTATUS[0]}"`);
    expect(closed).toMatchObject({ code: 0, out: '1\n', err: '' });
  },
  slow,
);

test(
  'wrong usage has exit code 2',
  async () => {
    expect(await bash(`${lab} run`)).toEqual({
      code: 2,
      signal: null,
      out: '',
      err: 'SCENARIO is missing; expected SCENARIO (see lab run --help)\n',
    });
  },
  slow,
);

test(
  'signals end a command in the middle of its work: a shell sees 130 and 143',
  async () => {
    // The scale meets its limits, which is said at once; the work then takes minutes.
    const line = `exec ${lab} run evening-rush --scale 1000 --ticks 1000000 --backend cpu`;
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      expect(await bash(line, signal)).toMatchObject({ code: null, signal, out: '' });
  },
  slow,
);
