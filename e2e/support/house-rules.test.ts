import { expect, test } from 'vitest';
import {
  commentWidth,
  glossaryOwners,
  maxFiles,
  maxLines,
  uniqueExports,
  uniqueShaderDeclarations,
} from './house-rules.ts';

const file = (path: string, text: string) => ({ path, text });

test('a code file may have 300 lines, data may have more', () => {
  const lines = (count: number) => 'x;\n'.repeat(count);
  expect(maxLines([file('src/a.ts', lines(300)), file('src/a.json', lines(400))])).toEqual([]);
  expect(maxLines([file('src/a.wgsl', lines(301))])).toEqual([expect.stringContaining('301 lines')]);
});

test('a folder may have 15 files, files of its folders not counted', () => {
  const files = Array.from({ length: 15 }, (_, k) => file(`src/a/${k}.ts`, ''));
  expect(maxFiles([...files, file('src/a/b/c.ts', '')])).toEqual([]);
  expect(maxFiles([...files, file('src/a/README.md', '')])).toEqual([
    expect.stringContaining('src/a/: 16 files'),
  ]);
});

test('comments have at most 100 columns, code may have more', () => {
  const wide = 'x'.repeat(100);
  expect(commentWidth([file('src/a.ts', `f('${wide}');\n// ${wide.slice(3)}\n`)])).toEqual([]);
  for (const line of [`// ${wide}`, ` * ${wide}`, `{/* ${wide} */}`, `f(); // ${wide}`])
    expect(commentWidth([file('src/a.tsx', `f();\n${line}\n`)])).toEqual([
      expect.stringContaining('src/a.tsx:2'),
    ]);
  expect(commentWidth([file('e2e/a.sh', `# ${wide}\n`)])).toHaveLength(1);
});

test('a name is exported from one file; re-exports and tests are free', () => {
  const kinds = ['const it = 1;', 'function it() {}', 'class it {}', 'interface it {}', 'type it = 1;'];
  for (const kind of kinds)
    expect(
      uniqueExports([file('src/a.ts', 'export const it = 1;'), file('src/b.ts', `export ${kind}`)]),
    ).toEqual(['src/a.ts: it is also exported from src/b.ts.']);
  const free = ["export { it } from './a.ts';", 'const it = 1;', 'export default function it() {}'];
  for (const text of free)
    expect(uniqueExports([file('src/a.ts', 'export const it = 1;'), file('src/b.ts', text)])).toEqual([]);
  expect(uniqueExports([file('src/a.ts', 'export type It = 1;\nexport const It = 1;')])).toEqual([]);
});

test('shaders declare nothing alike; other bodies under one name are alternatives', () => {
  const f = (result: string) => `fn f(x: u32) -> u32 {\n  return ${result};\n}\n`;
  const a = file('shaders/a.wgsl', `const NONE = 1u; // none\n${f('x')}`);
  const b = file('shaders/b.wgsl', `const NONE = 1u;\n${f('2u * x')}`);
  expect(uniqueShaderDeclarations([a, b])).toEqual([
    'shaders/a.wgsl: NONE is declared alike in shaders/b.wgsl.',
  ]);
});

test('a word of the glossary has one owner, and it exists', () => {
  const row = (word: string, owner: string) => `| ${word} | meaning | \`${owner}\` in \`a.ts\` |\n`;
  const of = (...rows: string[]) =>
    glossaryOwners([file('src/README.md', rows.join('')), file('src/a.ts', 'export const it = 1;')]);
  expect(of(row('word', 'it'))).toEqual([]);
  expect(of(row('word', 'other'))).toEqual([expect.stringContaining('a.ts exports no other')]);
  expect(of(row('word', 'it'), row('word', 'it'))).toEqual([expect.stringContaining('two rows')]);
});
