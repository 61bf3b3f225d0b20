import { readFileSync } from 'node:fs';
import { LabError } from '../../base/errors.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { readValue, setPath } from '../../scenario/permalink.ts';
import { presetById, presets } from '../../scenario/presets.ts';
import type { Policy, Scenario } from '../../scenario/schema.ts';

/** A knob set on the command line: ["policy.scorer", "oracle"]. */
export type Setting = readonly [path: string, value: string];

export interface ReadScenario {
  readonly scenario: Scenario;
  /** The second policy of presets that compare two. */
  readonly other: Policy | undefined;
}

/**
 * The scenario of that preset, or in that JSON file, with `settings` on top. Throws LabError that names file, line and column where
 * the file is wrong, and the option where a setting is.
 */
export function readScenario(name: string, settings: readonly Setting[] = []): ReadScenario {
  const preset = presetById(name);
  const whole = preset?.scenario ?? scenarioOf(name);
  if (settings.length === 0) return { scenario: whole, other: preset?.other };
  return { scenario: withSettings(whole, settings), other: preset?.other };
}

/** The scenario with these knobs set. Throws LabError that names the option. */
export function withSettings(whole: Scenario, settings: readonly Setting[]): Scenario {
  if (settings.length === 0) return whole;
  const changed = structuredClone(whole) as unknown as Record<string, unknown>;
  for (const [path, value] of settings) {
    if (path !== 'name' && !Object.hasOwn(changed, path.split('.')[0]))
      throw new LabError('there is no knob of this name', `--set ${path}`);
    setPath(changed, path, path === 'name' ? value : readValue(value));
  }
  return parseScenario(changed);
}

function scenarioOf(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const ids = presets.map((p) => p.id).join(', ');
    throw new LabError(
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); expected a JSON file or a preset: ${ids}`,
      file,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const at = syntaxPosition(text);
    const found = at < text.length ? `found ${JSON.stringify(text[at])}` : 'the file ends too soon';
    throw new LabError(`expected JSON; ${found}`, `${file}:${place(text, at)}`);
  }
  try {
    return parseScenario(json);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const path = (error.where ?? '').split('.').slice(1);
    throw new LabError(error.message, `${file}:${place(text, keyPosition(text, path))}`);
  }
}

/**
 * Position of the first character that cannot stand in any JSON text that begins like this one: V8 does not always tell. The parser
 * complains of the end while the beginning is good, and of something else from the bad character on.
 */
function syntaxPosition(text: string): number {
  const isGood = (length: number): boolean => {
    try {
      JSON.parse(text.slice(0, length));
      return true;
    } catch (error) {
      const { message } = error as Error;
      const position = /position (\d+)/.exec(message);
      return message.includes('end of JSON') || (position !== null && Number(position[1]) >= length);
    }
  };
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isGood(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Position of the last key of `path` in a JSON text: each key is looked for after the one above it. */
function keyPosition(text: string, path: readonly string[]): number {
  let at = 0;
  for (const key of path) {
    const next = text.indexOf(JSON.stringify(key), at);
    if (next >= 0) at = next;
  }
  return at;
}

/** "line:column", both from 1. */
function place(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `${before.length}:${before[before.length - 1].length + 1}`;
}
