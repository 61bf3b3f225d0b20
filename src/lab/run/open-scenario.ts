import { LabError, shown } from '../../base/errors.ts';
import { decodeText } from '../../base/text/decode.ts';
import { suggestion } from '../../base/nearest.ts';
import type { FittedWorld } from '../../import/world/fitted-world.ts';
import { readWorld } from '../../import/world/world-file.ts';
import { listKnobs } from '../../scenario/knobs.ts';
import { parseScenario, ScenarioError } from '../../scenario/parse.ts';
import { setKnob } from '../../scenario/permalink.ts';
import { presetById, presets } from '../../scenario/presets.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { fileName, readInput } from '../cli/files.ts';
import { parseJson } from '../cli/json-text.ts';
import { UsageError } from '../cli/options.ts';

interface OpenedScenario {
  readonly scenario: Scenario;
  /** Imported people and what was fitted to them; null for made-up people. */
  readonly fitted: FittedWorld | null;
}

/**
 * Opens a preset, a JSON file, or the world.json of `lab import`; "-" is standard input.
 * @throws LabError with `file:line:column`.
 */
export async function openScenario(name: string): Promise<OpenedScenario> {
  const preset = presetById(name);
  if (preset !== undefined) return { scenario: preset.scenario, fitted: null };
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
    if (!isWorld) return { scenario: parseScenario(json.value), fitted: null };
    const fitted = readWorld(json.value, file);
    return { scenario: fitted.scenario, fitted };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const { path, reason } = error;
    const knob = ['scenario', ...path].join('.');
    throw new LabError(`${knob}: ${reason}`, json.place(isWorld ? ['scenario', ...path] : path));
  }
}

/** The scenario with knobs set as on the command line, each as KNOB=VALUE. @throws UsageError. */
export function withSettings(scenario: Scenario, settings: readonly string[]): Scenario {
  if (settings.length === 0) return scenario;
  const changed = structuredClone(scenario) as unknown as Record<string, unknown>;
  const given = settings.map((text) => {
    const at = text.indexOf('=');
    if (at < 1)
      throw new UsageError(`expected KNOB=VALUE, such as policy.scorer=rules; it is ${shown(text)}`, '--set');
    return { text, knob: text.slice(0, at), value: text.slice(at + 1) };
  });
  try {
    for (const { text, knob, value } of given) setKnob(changed, knob, value, `--set ${text}`);
    return parseScenario(changed);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const wrong = error instanceof ScenarioError ? error : undefined;
    const path = wrong?.path.join('.') ?? '';
    const setting = given.find(
      ({ knob }) => knob === path || knob.startsWith(`${path}.`) || path.startsWith(`${knob}.`),
    );
    if (wrong === undefined) throw new UsageError(error.message);
    if (setting === undefined) throw new UsageError(`${path}: ${wrong.reason}`, '--set');
    // The nearest name may lie in another group: "scorer" is "policy.scorer".
    const known = listKnobs().map((k) => k.path);
    const hint = wrong.reason.includes('did you mean') ? '' : suggestOther(setting.knob, known);
    throw new UsageError(
      `${wrong.reason}${wrong.reason.startsWith('there is no knob') ? hint : ''}`,
      `--set ${setting.text}`,
    );
  }
}

function suggestOther(knob: string, known: readonly string[]): string {
  const ending = known.find((path) => path.endsWith(`.${knob}`));
  return ending === undefined ? suggestion(knob, known) : `; did you mean "${ending}"?`;
}
