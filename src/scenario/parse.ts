import * as v from 'valibot';
import { LabError } from '../base/errors.ts';
import { suggestion } from '../base/nearest.ts';
import { scorerProblem } from './formula/language.ts';
import { shownValue } from './knob.ts';
import type { SchemaNode } from './knobs.ts';
import {
  policySchema,
  scenarioSchema,
  scorers,
  type Policy,
  type Scenario,
  type ScenarioInput,
} from './schema.ts';

type Path = readonly (string | number)[];

/** A part of a scenario is wrong. `path` leads to it: keys of groups and indices of lists. */
export class ScenarioError extends LabError {
  constructor(
    readonly reason: string,
    readonly path: Path,
    root = 'scenario',
  ) {
    super(reason, [root, ...path].join('.'));
  }
}

/** Completes a scenario with defaults. @throws ScenarioError for the first part that is wrong. */
export function parseScenario(input: unknown): Scenario {
  const whole = parseShape(scenarioSchema, input, 'scenario');
  checkScorer(whole.policy, ['policy'], 'scenario');
  let running = whole.policy;
  whole.stages.forEach(({ side, policy }, k) => {
    // What policy B was before is not in the scenario.
    if (side === 'b') return;
    running = { ...running, ...policy };
    checkScorer(running, ['stages', k, 'policy'], 'scenario');
  });
  return whole;
}

/** Completes a policy with defaults. @throws ScenarioError for the first part that is wrong. */
export function parsePolicy(input: unknown): Policy {
  const policy = parseShape(policySchema, input, 'policy');
  checkScorer(policy, [], 'policy');
  return policy;
}

/** A formula may read only what the scorer predicts. */
function checkScorer(policy: Policy, path: Path, root: string): void {
  const problem = scorerProblem(policy);
  if (problem !== undefined) throw new ScenarioError(problem, [...path, 'formula'], root);
}

/** Why people without imported vectors cannot be scored with them, and what to do. */
export const NO_VECTORS =
  'this policy scores with your vectors, but these people have none; import them with a table of vectors ("lab import --vectors FILE"), or choose another scorer';

/** The same where people are always simulated, as in an experiment. */
export const NEVER_VECTORS = `the people here are simulated and have no vectors of yours; choose another scorer: ${scorers.filter((name) => name !== 'vectors').join(', ')}`;

/** The knob, as a path, by which a scenario or one of its stages scores with the user's vectors. */
export function ownVectorsKnob({ policy, stages }: Scenario): Path | undefined {
  if (policy.scorer === 'vectors') return ['policy', 'scorer'];
  const stage = stages.findIndex((s) => s.policy.scorer === 'vectors');
  return stage < 0 ? undefined : ['stages', stage, 'policy', 'scorer'];
}

/**
 * Completes a group of knobs of any schema; `root` names it in messages. @throws ScenarioError.
 */
export function parseShape<T>(schema: v.GenericSchema<unknown, T>, input: unknown, root: string): T {
  checkShape(schema, input, [], root);
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = (issue.path ?? []).map((step) => step.key as string | number);
  throw new ScenarioError(issue.message, path, root);
}

/**
 * Checks groups, lists and names; the schema then checks the values. Valibot's objects accept
 * lists, and accept every name that `Object.prototype` has.
 */
function checkShape(node: SchemaNode, input: unknown, path: Path, root: string): void {
  if (node.wrapped !== undefined) return checkShape(node.wrapped, input, path, root);
  if (node.item !== undefined) {
    if (!Array.isArray(input))
      throw new ScenarioError(`a list in [ ] was expected; it is ${shownValue(input)}`, path, root);
    for (const [i, element] of input.entries()) checkShape(node.item, element, [...path, i], root);
  } else if (node.entries !== undefined) {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      throw new ScenarioError(`a group of knobs in { } was expected; it is ${shownValue(input)}`, path, root);
    const { entries } = node;
    for (const [key, value] of Object.entries(input)) {
      if (!Object.hasOwn(entries, key))
        throw new ScenarioError(
          `there is no knob of this name${suggestion(key, Object.keys(entries))}`,
          [...path, key],
          root,
        );
      if (value !== undefined) checkShape(entries[key], value, [...path, key], root);
    }
    for (const [key, entry] of Object.entries(entries))
      if (!entry.type.endsWith('optional') && !Object.hasOwn(input, key))
        throw new ScenarioError('this knob is missing; it has no default', [...path, key], root);
  }
}

/** For literals in code: checked by the compiler, completed with defaults. */
export function scenario(input: ScenarioInput): Scenario {
  return parseScenario(input);
}
