import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let known: string | undefined;

/**
 * A hash of the engine's code and of the shipped weights. Two machines with the same version give
 * the same result for the same job.
 */
export function engineVersion(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const folder of ['src', 'public/models']) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /[.](ts|mjs|json|bin)$/.test(name) && !/[.]test[.]/.test(name))
      .sort();
    for (const name of names) {
      hash.update(`${folder}/${name}\n`);
      hash.update(readFileSync(join(root, folder, name)));
    }
  }
  return (known = hash.digest('hex').slice(0, 16));
}

/** A key of anything that is JSON, for this version of the engine. */
export function contentKey(content: unknown): string {
  return createHash('sha256')
    .update(engineVersion())
    .update(JSON.stringify(content))
    .digest('hex')
    .slice(0, 32);
}
