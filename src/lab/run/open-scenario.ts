import { LabError, shown } from '../../base/errors.ts';
import { decodeText } from '../../base/text/decode.ts';
import { suggestion } from '../../base/nearest.ts';
import type { FittedWorld } from '../../import/world/fitted-world.ts';
import { readWorld } from '../../import/world/world-file.ts';
import { isLink, readLink } from '../../scenario/link.ts';
import { NO_VECTORS, ownVectorsKnob, parseScenario, ScenarioError } from '../../scenario/parse.ts';
import { scaledKnobs, scaleScenario } from '../../scenario/scale.ts';
import { presetById, presets } from '../../scenario/presets.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { withKnobs } from '../../scenario/set-knobs.ts';
import { fileName, readInput } from '../cli/files.ts';
import { parseJson } from '../cli/json-text.ts';
import type { Say } from '../cli/command.ts';
import { number, repeated, UsageError } from '../cli/options.ts';

export const setOption = repeated(
  'KNOB=VALUE',
  'sets a knob, such as policy.scorer=oracle or population.online=500; may be repeated',
);
export const scaleOption = number('F', 'multiplies the people, those online and those arriving', {
  above: 0,
  max: 1000,
  fallback: 1,
});

interface OpenedScenario {
  readonly scenario: Scenario;
  /** Imported people and what was fitted to them; null for made-up people. */
  readonly fitted: FittedWorld | null;
  /** The compared policy and the moment of the run, of a link. */
  readonly link?: ReturnType<typeof readLink>;
  /** Place of a knob in the file, as `file:line:column`. */
  readonly place?: (path: readonly (string | number)[]) => string;
}

/**
 * Opens a preset, a link to the page, a JSON file, or the world.json of `lab import`; "-" is
 * standard input.
 * @throws LabError with `file:line:column`.
 */
export async function openScenario(name: string): Promise<OpenedScenario> {
  const preset = presetById(name);
  if (preset !== undefined) return { scenario: preset.scenario, fitted: null };
  if (isLink(name)) {
    const link = readLink(name);
    return { scenario: link.scenario, fitted: null, link };
  }
  const file = fileName(name);
  const ids = presets.map((p) => p.id);
  const hint = suggestion(name, ids) || `; presets are ${ids.join(', ')}`;
  const json = parseJson(
    decodeText(await readInput(name, `there is no such file or preset${hint}`), file),
    file,
  );
  const isWorld =
    typeof json.value === 'object' && json.value !== null && Object.hasOwn(json.value, 'format');
  try {
    if (!isWorld)
      return { scenario: parseScenario(json.value), fitted: null, place: (path) => json.place(path) };
    const fitted = readWorld(json.value, file);
    return { scenario: fitted.scenario, fitted, place: (path) => json.place(['scenario', ...path]) };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const { path, reason } = error;
    const knob = ['scenario', ...path].join('.');
    throw new LabError(`${knob}: ${reason}`, json.place(isWorld ? ['scenario', ...path] : path));
  }
}

/** The scenario with knobs set as on the command line, each as KNOB=VALUE. @throws UsageError. */
export function withSettings(scenario: Scenario, settings: readonly string[]): Scenario {
  const given = settings.map((text) => {
    const at = text.indexOf('=');
    if (at < 1)
      throw new UsageError(`expected KNOB=VALUE, such as policy.scorer=rules; it is ${shown(text)}`, '--set');
    return { knob: text.slice(0, at), value: text.slice(at + 1), text: `--set ${text}` };
  });
  return asUsage(() => withKnobs(scenario, given));
}

/**
 * Refuses to score people with vectors that they do not have, before the evening begins.
 * @param settings those of the command line, which go before the file. @throws LabError.
 */
export function checkVectors(
  { fitted, place, link }: OpenedScenario,
  scenario: Scenario,
  settings: readonly string[],
): void {
  if (fitted?.cast.vectors !== undefined) return;
  if (link?.other?.scorer === 'vectors') throw new LabError(NO_VECTORS, 'policy B of the link');
  const path = ownVectorsKnob(scenario);
  if (path === undefined) return;
  const knob = path.join('.');
  const set = settings.find((text) => text.startsWith(`${knob}=`));
  if (set !== undefined) throw new UsageError(NO_VECTORS, `--set ${set}`);
  throw new LabError(
    place === undefined ? NO_VECTORS : `scenario.${knob}: ${NO_VECTORS}`,
    place?.(path) ?? knob,
  );
}

/** Reads a part of the command line with a function of the engine. @throws UsageError. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof LabError ? new UsageError(error.problem, error.where) : error;
  }
}

/** The scenario with the option --scale. Says which limits it meets. */
export function scaled(scenario: Scenario, scale: number, say: Say): Scenario {
  if (scale === 1) return scenario;
  const result = scaleScenario(scenario, scale);
  for (const name of scaledKnobs) {
    const asked = Math.round(scenario.population[name] * scale);
    const used = result.population[name];
    if (used !== asked)
      say(`--scale ${scale}: population.${name} would be ${asked}; its limit ${used} is used`);
  }
  return result;
}
