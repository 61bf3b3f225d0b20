/**
 * `npm test`: everything, in the order of how soon it fails. Finds Chrome or Chromium, or installs it from the system's packages,
 * or says in one line what to do. Real counts go to test-results/tally.json.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findBrowser } from './browser.ts';
import { resetTally, writeTally } from './tally.ts';

const needed = ['chromium', 'libvulkan1'];

/** Dawn for Node wants the Vulkan loader; the page wants a browser. On Debian and Ubuntu both are packages. */
function ensureSystem(): void {
  const loader = [
    '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
    '/usr/lib/aarch64-linux-gnu/libvulkan.so.1',
    '/usr/lib64/libvulkan.so.1',
    '/usr/lib/libvulkan.so.1',
  ];
  const complete = () => findBrowser() !== '' && (process.platform !== 'linux' || loader.some(existsSync));
  if (complete()) return;
  const root = process.getuid?.() === 0;
  if (existsSync('/usr/bin/apt-get') && root) {
    console.error(`Installing ${needed.join(' and ')} from the system's packages ...`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...needed], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  if (complete()) return;
  console.error(
    process.platform === 'linux'
      ? `The tests need a browser and the Vulkan loader: sudo apt-get install ${needed.join(' ')} (or set CHROME_PATH).`
      : 'The tests need Chrome or Chromium: install one, or set CHROME_PATH to its executable.',
  );
  process.exit(1);
}

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads the real counts of a runner's JSON report; a step without one counts as a single check. */
  readonly report?: {
    readonly file: string;
    readonly read: (json: never) => { passed: number; failed: number };
  };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
}

const vitestCounts = (r: VitestReport) => ({
  passed: r.numPassedTests,
  failed: Math.max(r.numFailedTests, r.numFailedTestSuites > 0 ? 1 : 0),
});
const vitest = (project: string): Step => ({
  name: `vitest ${project}`,
  command: [
    ...['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json'],
    `--outputFile.json=test-results/vitest-${project}.json`,
  ],
  report: { file: `test-results/vitest-${project}.json`, read: vitestCounts },
});

/** These only read, one thread each: side by side. */
const readers: readonly Step[] = [
  { name: 'lint', command: ['eslint', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'unused code', command: ['knip', '--no-progress'] },
];
const steps: readonly Step[] = [
  vitest('node'),
  vitest('browser'),
  { name: 'build', command: ['vite', 'build', '--logLevel', 'warn'] },
  { name: 'size', command: ['size-limit'] },
  {
    name: 'page',
    command: ['playwright', 'test'],
    report: {
      file: 'test-results/playwright.json',
      read: (r: PlaywrightReport) => ({
        passed: r.stats.expected,
        failed: r.stats.unexpected + r.stats.flaky,
      }),
    },
  },
];

ensureSystem();
mkdirSync('test-results', { recursive: true });
resetTally();
let ok = true;
const finish = (step: Step, status: number | null, started: number): void => {
  let counts = { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  if (step.report && existsSync(step.report.file)) {
    counts = step.report.read(JSON.parse(readFileSync(step.report.file, 'utf8')) as never);
    if (status !== 0 && counts.failed === 0) counts.failed = 1;
  }
  writeTally(step.name, counts);
  ok &&= status === 0 && counts.failed === 0;
  console.log(
    `${step.name}: ${counts.passed} passed, ${counts.failed} failed, ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
};

/** Runs a step without letting it print; what it said is printed at its end. */
async function readInSilence(step: Step): Promise<void> {
  const started = Date.now();
  const child = spawn('npx', ['--no-install', ...step.command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part));
  const status = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    child.on('error', (error) => {
      said.push(Buffer.from(error.message));
      resolve(1);
    });
  });
  console.log(`\n== ${step.name}\n${Buffer.concat(said).toString()}`);
  finish(step, status, started);
}

// Two at a time: a longer queue would only swap.
const queue = [...readers];
const next = async (): Promise<void> => {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) await readInSilence(step);
};
await Promise.all([next(), next()]);
for (const step of steps) {
  console.log(`\n== ${step.name}`);
  if (step.report) rmSync(step.report.file, { force: true });
  const started = Date.now();
  const { status } = spawnSync('npx', ['--no-install', ...step.command], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  finish(step, status, started);
}
process.exit(ok ? 0 : 1);
