import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../src/experiment/compute/kinds.ts';
import { contentKinds } from '../../src/lab/content/kinds.ts';
import packageJson from '../../package.json' with { type: 'json' };

const readmes = [
  'README.md',
  'CONTRIBUTING.md',
  'app/README.md',
  'src/README.md',
  'src/experiment/README.md',
  'src/content/README.md',
  'shaders/README.md',
  'e2e/README.md',
  'e2e/gpu/README.md',
];
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]);

test.each(readmes)('%s names paths and scripts that exist', (readme) => {
  const text = readFileSync(readme, 'utf8');
  const paths = [
    ...all(text, /\]\(([^)#:]+)\)/g),
    // A path in backquotes, with a slash.
    ...all(text, /`([\w.-]+\/[\w./-]*)`/g),
  ];
  const missing = paths.filter((path) => !existsSync(join(dirname(readme), path)) && !existsSync(path));
  expect(missing).toEqual([]);
  const scripts = all(text, /npm run (?:-s )?([\w:]+)/g);
  expect(scripts.filter((script) => !(script in packageJson.scripts))).toEqual([]);
});

test('every word of the glossary is declared by its owner', () => {
  const rows = [...readFileSync('src/README.md', 'utf8').matchAll(/\| `(\w+)` in `([^`]+)` *\|$/gm)];
  expect(rows.length).toBeGreaterThan(30);
  const wrong = rows.filter(([, name, path]) => {
    const file = existsSync(join('src', path)) ? join('src', path) : path;
    return !existsSync(file) || !new RegExp(`export [\\w ]*\\b${name}\\b`).test(readFileSync(file, 'utf8'));
  });
  expect(wrong.map(([row]) => row)).toEqual([]);
});

test.each([
  ['src/experiment/README.md', kinds],
  ['src/content/README.md', contentKinds],
])('%s says who calls each formula of `lab compute`', (readme, formulas) => {
  const rows = all(readFileSync(readme, 'utf8'), /^\| ((?:`[a-z-]+`(?:, )?)+) +\|/gm);
  const named = rows.flatMap((row) => all(row, /`([a-z-]+)`/g));
  expect(named.sort()).toEqual([...formulas.keys()].sort());
});
