import { LabError } from '../base/errors.ts';
import { suggestion } from '../base/nearest.ts';
import { listKnobs } from './knobs.ts';
import { parseScenario, ScenarioError } from './parse.ts';
import { setKnob } from './permalink.ts';
import type { Scenario } from './schema.ts';

/** A knob and its value as a person wrote them. */
export interface KnobSetting {
  readonly knob: string;
  readonly value: string;
  /** What was written, as the place of an error: "--set policy.tickMs=1". */
  readonly text: string;
}

/** The scenario with these knobs set. @throws LabError at the text of the setting that is wrong. */
export function withKnobs(scenario: Scenario, settings: readonly KnobSetting[]): Scenario {
  if (settings.length === 0) return scenario;
  const changed = structuredClone(scenario) as unknown as Record<string, unknown>;
  for (const { text, knob, value } of settings) setKnob(changed, knob, value, text);
  try {
    return parseScenario(changed);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const path = error.path.join('.');
    const setting = settings.find(
      ({ knob }) => knob === path || knob.startsWith(`${path}.`) || path.startsWith(`${knob}.`),
    );
    // No setting names it: the place is the option itself.
    if (setting === undefined) throw new LabError(`${path}: ${error.reason}`, settings[0].text.split(' ')[0]);
    // The nearest name may lie in another group: "scorer" is "policy.scorer".
    const isUnknown = error.reason.startsWith('there is no knob') && !error.reason.includes('did you mean');
    throw new LabError(`${error.reason}${isUnknown ? suggestOther(setting.knob) : ''}`, setting.text);
  }
}

function suggestOther(knob: string): string {
  const known = listKnobs().map((k) => k.path);
  const ending = known.find((path) => path.endsWith(`.${knob}`));
  return ending === undefined ? suggestion(knob, known) : `; did you mean "${ending}"?`;
}
