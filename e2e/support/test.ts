/**
 * `npm test`: all checks, two at a time. Finds Chrome or Chromium, installs it from Debian's
 * packages, or says what to do. The counts are in test-results/tally.json.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { steps, type Counts, type TestStep } from './steps.ts';
import { ensureSystem } from './system.ts';
import { resetTally, writeTally } from './tally.ts';

/** Steps at a time. More would compete for memory on a small machine. */
const LANES = 2;

try {
  ensureSystem();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
mkdirSync('test-results', { recursive: true });
resetTally();
const waiting = [...steps];
const results = new Map<string, Promise<boolean>>();
await Promise.all(Array.from({ length: LANES }, runLane));
const passed = (await Promise.all(results.values())).every((ok) => ok);
process.exit(passed ? 0 : 1);

/** Runs waiting steps until there are none. */
async function runLane(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const result = run(step);
    results.set(step.name, result);
    await result;
  }
}

/** Runs a step and prints its output when it ends. @returns whether it passed. */
async function run(step: TestStep): Promise<boolean> {
  const start = Date.now();
  const ready = step.after === undefined || (await results.get(step.after));
  if (step.report) rmSync(step.report.file, { force: true });
  const { status, output } = ready
    ? await execute(step.command)
    : { status: 1, output: `not run, because ${step.after} failed` };
  const { passed, failed } = countsOf(step, status);
  writeTally(step.name, { passed, failed });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`\n== ${step.name}\n${output}\n${step.name}: ${passed} passed, ${failed} failed, ${seconds} s`);
  return status === 0 && failed === 0;
}

function countsOf({ report }: TestStep, status: number): Counts {
  if (report === undefined || !existsSync(report.file))
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  const { passed, failed } = report.read(JSON.parse(readFileSync(report.file, 'utf8')) as never);
  return { passed, failed: status !== 0 ? Math.max(1, failed) : failed };
}

function execute(command: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('npx', ['--no-install', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => output.push(part));
    child.on('close', (status) => resolve({ status: status ?? 1, output: Buffer.concat(output).toString() }));
    child.on('error', (error) => resolve({ status: 1, output: error.message }));
  });
}
