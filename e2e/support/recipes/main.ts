/**
 * `npm run recipes [DIRECTORY]`: follows the recipes of CONTRIBUTING.md in a copy of the project,
 * then runs the static checks and the tests that the recipes add. Without a directory the copy is
 * temporary.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { edits, newFiles, type Edit } from './edits.ts';

const [asked] = process.argv.slice(2);
const copy = asked === undefined ? mkdtempSync(join(tmpdir(), 'recipes-')) : resolve(asked);
const guide = readFileSync('CONTRIBUTING.md', 'utf8');
try {
  copyProject();
  // In a project where someone tries the recipes, the check has nothing to write.
  if (!newFiles(guide).every(({ path }) => existsSync(path))) {
    for (const { path, text } of newFiles(guide)) write(path, text);
    for (const edit of edits(guide)) apply(edit);
  }
  const passed = checks().every(run);
  process.exitCode = passed ? 0 : 1;
} finally {
  if (asked === undefined) rmSync(copy, { recursive: true });
}

/** Copies the files that git knows or would add. */
function copyProject(): void {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  for (const path of list.split('\0').filter((name) => name !== '' && existsSync(name)))
    cpSync(path, join(copy, path));
  // Packages are shared, caches are not: other tests may run beside these.
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync('node_modules').filter((entry) => !entry.startsWith('.vite')))
    symlinkSync(resolve('node_modules', name), join(copy, 'node_modules', name));
  // The house rules list the files by git.
  execFileSync('git', ['init', '--quiet', copy]);
}

function write(path: string, text: string): void {
  const to = join(copy, path);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

function apply({ path, from, to }: Edit): void {
  const file = join(copy, path);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from))
    throw new Error(
      `${path} has no "${from}" any more: bring CONTRIBUTING.md and e2e/support/recipes/edits.ts up to date`,
    );
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
}

function checks(): string[][] {
  const tests = newFiles(guide)
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.test.ts'));
  return [
    ['oxfmt', ...changedPaths()],
    ['tsc', '--noEmit'],
    ['oxlint', ...changedPaths().filter((path) => path.endsWith('.ts'))],
    ['npm', 'run', '-s', 'unused'],
    ['npm', 'run', '-s', 'imports'],
    ['npm', 'run', '-s', 'house'],
    [
      ...['vitest', 'run', '--project', 'node', ...tests, 'src/gpu/shaders.test.ts', 'src/sim/knobs.test.ts'],
      // Of the knobs only the new one.
      ...['--testNamePattern', '^(?!every knob moves something (?!behaviour.minBreakSeconds))'],
    ],
    [
      ...['vitest', 'run', '--project', 'browser', 'app/charts/marks/labels.test.ts'],
      ...['--testNamePattern', 'quality-matched'],
    ],
  ];
}

function changedPaths(): string[] {
  return [...new Set([...newFiles(guide), ...edits(guide)].map(({ path }) => path))];
}

function run(command: string[]): boolean {
  const { status } = spawnSync('npx', ['--no-install', ...command], { cwd: copy, stdio: 'inherit' });
  if (status !== 0) console.error(`The recipes of CONTRIBUTING.md fail: ${command.join(' ')}`);
  return status === 0;
}
