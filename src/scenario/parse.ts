import * as v from 'valibot';
import { LabError } from '../base/errors.ts';
import { scenarioSchema, type Scenario, type ScenarioInput } from './schema.ts';

/** A whole scenario from any input; what is missing gets its default. Throws LabError that names the first wrong knob. */
export function parseScenario(input: unknown): Scenario {
  const result = v.safeParse(scenarioSchema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new LabError(issue.message, `scenario.${v.getDotPath(issue) ?? ''}`.replace(/\.$/, ''));
}

/** For literals in code: checked by the compiler, completed with defaults. */
export function scenario(input: ScenarioInput): Scenario {
  return parseScenario(input);
}
