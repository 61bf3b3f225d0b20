import { readFileSync } from 'node:fs';
import type { FittedWorld } from '../../import/world/fitted-world.ts';
import { readWorld } from '../../import/world/world-file.ts';
import { presetById } from '../../scenario/presets.ts';

/** The fitted world in a file that `lab import` wrote; null where `name` is a preset or another file. Throws LabError where it is damaged. */
export function fittedWorldOf(name: string): FittedWorld | null {
  if (presetById(name) !== undefined) return null;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(name, 'utf8'));
  } catch {
    // Whatever is wrong with it, the reader of scenarios says it better.
    return null;
  }
  const isWorld = typeof json === 'object' && json !== null && 'format' in json;
  return isWorld ? readWorld(json, name) : null;
}
