import * as v from 'valibot';
import { LabError } from '../base/errors.ts';
import { policySchema, scenarioSchema, type Policy, type Scenario, type ScenarioInput } from './schema.ts';

/** A whole scenario from any input; what is missing gets its default. Throws LabError that names the first wrong knob. */
export function parseScenario(input: unknown): Scenario {
  return parse(scenarioSchema, input, 'scenario');
}

/** A whole policy from any input, in the same manner. */
export function parsePolicy(input: unknown): Policy {
  return parse(policySchema, input, 'policy');
}

function parse<T>(schema: v.GenericSchema<unknown, T>, input: unknown, name: string): T {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const message = issue.expected === 'never' ? 'there is no knob of this name' : issue.message;
  throw new LabError(message, `${name}.${v.getDotPath(issue) ?? ''}`.replace(/\.$/, ''));
}

/** For literals in code: checked by the compiler, completed with defaults. */
export function scenario(input: ScenarioInput): Scenario {
  return parseScenario(input);
}
