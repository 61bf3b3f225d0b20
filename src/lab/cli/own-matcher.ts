import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabError } from '../../base/errors.ts';
import type { BackendName } from '../../match/open-backend.ts';
import type { NamedMatcher, OwnMatcher } from '../../match/own/own-matcher.ts';
import { text, UsageError } from './options.ts';

export const matcherOption = text(
  'FILE',
  'a matcher of your own, .ts or .js: its default export gets the candidates of a tick and returns pairs, which are checked and certified (src/match/own/own-matcher.ts, src/lab/examples)',
);

/**
 * Loads the user's own code, which runs with their rights, as every program that they start.
 * @throws UsageError, LabError where it cannot be loaded.
 */
export async function loadMatcher(
  path: string | undefined,
  backend: BackendName,
): Promise<NamedMatcher | undefined> {
  if (path === undefined) return undefined;
  if (!/\.[mc]?[jt]s$/.test(path))
    throw new UsageError(`the file must end in .ts, .js or .mjs; it is "${path}"`, '--matcher');
  if (backend === 'gpu')
    throw new UsageError('runs on the CPU; leave --backend out, or use --backend cpu', '--matcher');
  const file = resolve(path);
  if (!existsSync(file)) throw new LabError('cannot be read: there is no such file', path);
  const loaded = (await import(pathToFileURL(file).href).catch((error: unknown) => {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new LabError(`the matcher cannot be loaded: ${why}`, path);
  })) as { readonly default?: unknown };
  if (typeof loaded.default !== 'function')
    throw new LabError(
      `its default export is ${loaded.default === undefined ? 'missing' : `a ${typeof loaded.default}`}; expected a function (tick) => pairs`,
      path,
    );
  return { name: path, match: loaded.default as OwnMatcher };
}
