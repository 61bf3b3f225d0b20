import ts from 'typescript';

/** A tracked text file of the project; `path` is relative to its root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}
/** Returns one line for each violation. */
export type HouseRule = (files: readonly SourceFile[]) => string[];

const MAX_LINES = 300;
const MAX_FILES = 15;
const MAX_WIDTH = 100;

/** Every CLI command and every acceptance case is a module that exports one of these. */
const EXPORTED_PER_MODULE = new Set(['command', 'cases']);

const isScript = (path: string) => /\.(ts|tsx|mjs|cjs|js)$/.test(path);
const isCode = (path: string) => isScript(path) || /\.(wgsl|css|sh|py)$/.test(path);

export const maxLines: HouseRule = (files) =>
  files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return isCode(path) && lines > MAX_LINES
      ? [`${path}: ${lines} lines; the limit is ${MAX_LINES}. Look for the second thing the file does.`]
      : [];
  });

export const maxFiles: HouseRule = (files) => {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MAX_FILES)
    .map(
      ([folder, count]) => `${folder}/: ${count} files; the limit is ${MAX_FILES}. Group them by purpose.`,
    );
};

export const commentWidth: HouseRule = (files) =>
  files.flatMap(({ path, text }) => {
    if (!isCode(path)) return [];
    const comment = /\.(sh|py)$/.test(path) ? /^\s*#|\s# / : /^\s*(\/\/|\/\*|\*|\{\/\*)|\s\/\/ /;
    return text
      .split('\n')
      .flatMap((line, at) =>
        line.length > MAX_WIDTH && comment.test(line)
          ? [`${path}:${at + 1}: comment of ${line.length} columns; the limit is ${MAX_WIDTH}.`]
          : [],
      );
  });

/** An exported name means one thing: two files may not declare and export the same name. */
export const uniqueExports: HouseRule = (files) => {
  const places = new Map<string, string[]>();
  for (const { path, text } of files)
    if (isScript(path) && !/\.test\.|\.spec\./.test(path))
      for (const name of new Set(declaredExports(path, text)))
        places.set(name, [...(places.get(name) ?? []), path]);
  return [...places]
    .filter(([name, paths]) => paths.length > 1 && !EXPORTED_PER_MODULE.has(name))
    .map(([name, paths]) => `${paths[0]}: ${name} is also exported from ${paths.slice(1).join(', ')}.`);
};

function declaredExports(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return source.statements.flatMap((node) => {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    const has = (kind: ts.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
    if (!has(ts.SyntaxKind.ExportKeyword) || has(ts.SyntaxKind.DefaultKeyword)) return [];
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? [name.text] : [],
      );
    return 'name' in node && node.name !== undefined ? [(node.name as ts.Identifier).text] : [];
  });
}

const GLOSSARY = 'src/README.md';

/** A word has one row in the glossary, and the file of its owner declares the owner. */
export const glossaryOwners: HouseRule = (files) => {
  const readme = files.find(({ path }) => path === GLOSSARY)?.text ?? '';
  const words = new Set<string>();
  return [...readme.matchAll(/^\| ([^|]+?) +\|[^|]*\| `(\w+)` in `([^`]+)` +\|$/gm)].flatMap(
    ([, word, owner, place]) => {
      if (words.has(word)) return [`${GLOSSARY}: "${word}" has two rows.`];
      words.add(word);
      const file = files.find(({ path }) => path === place || path === `src/${place}`);
      return file !== undefined && declaredExports(file.path, file.text).includes(owner)
        ? []
        : [`${GLOSSARY}: the owner of "${word}" is missing: ${place} exports no ${owner}.`];
    },
  );
};

/** Two shaders may not declare the same thing: one includes the other, or both include a third. */
export const uniqueShaderDeclarations: HouseRule = (files) => {
  const places = new Map<string, { name: string; paths: string[] }>();
  for (const { path, text } of files)
    if (path.endsWith('.wgsl'))
      for (const { name, code } of shaderDeclarations(text)) {
        const place = places.get(code) ?? { name, paths: [] };
        if (!place.paths.includes(path)) place.paths.push(path);
        places.set(code, place);
      }
  return [...places.values()]
    .filter(({ paths }) => paths.length > 1)
    .map(({ name, paths }) => `${paths[0]}: ${name} is declared alike in ${paths.slice(1).join(', ')}.`);
};

/** Constants, aliases, structs and functions at the top level, without comments and white space. */
function shaderDeclarations(text: string): { name: string; code: string }[] {
  const bare = text.replace(/\/\/.*$|\/\*[^]*?\*\//gm, '');
  const declaration = /^(?:const|alias)\s+(\w+)[^;]*;|^(?:struct|fn)\s+(\w+)[^{]*\{[^]*?^\}/gm;
  return [...bare.matchAll(declaration)].map(([code, constant, block]) => ({
    name: constant ?? block,
    code: code.replace(/\s+/g, ' '),
  }));
}
