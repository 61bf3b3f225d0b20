/**
 * Runs the tests of one file that need a GPU: `tests.mjs FILE [JSON]`. Without arguments it lists
 * the files. Exits with 1 if a test fails.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTests, type Task, type VitestRunner } from '@vitest/runner';
import '../../../src/gpu/testing/node-setup.ts';

/** One bundle for each test file, made by `pack.sh`. */
const folder = join(import.meta.dirname, 'tests');
const [name, json] = process.argv.slice(2);
if (name === undefined) {
  console.log(readdirSync(folder).join(' ').replaceAll('.mjs', ''));
  process.exit(0);
}

const runner: VitestRunner = {
  config: {
    root: folder,
    setupFiles: [],
    name: undefined,
    passWithNoTests: false,
    testNamePattern: undefined,
    allowOnly: false,
    sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  },
  importFile: (path) => import(path),
};
const failed: { name: string; error: string }[] = [];
let passed = 0;
for (const file of await startTests([join(folder, `${name}.mjs`)], runner)) collect(file, []);
console.log(`${name}: ${passed} passed, ${failed.length} failed`);
if (json !== undefined) writeFileSync(json, JSON.stringify({ name, passed, failed }));
// A thread of Dawn keeps the process alive.
process.exit(failed.length > 0 ? 1 : 0);

function collect(task: Task, within: readonly string[]): void {
  const path = task.type === 'suite' && 'filepath' in task ? within : [...within, task.name];
  const errors = task.result?.errors ?? [];
  if (errors.length > 0)
    failed.push({ name: path.join(' > '), error: errors.map((e) => e.stack ?? e.message).join('\n') });
  if (task.type === 'suite') for (const child of task.tasks) collect(child, path);
  else if (errors.length === 0 && task.mode === 'run') passed++;
  if (task.type === 'test') console.log(`  ${errors.length > 0 ? 'FAIL' : 'ok  '} ${path.join(' > ')}`);
  for (const error of errors) console.log(error.stack ?? error.message);
}
