import { LabError } from '../base/errors.ts';
import { parseDecimal } from '../base/text/decimal.ts';
import { parseScenario } from './parse.ts';
import type { Scenario } from './schema.ts';

/**
 * A scenario as one line of text that fits into an address. It holds only what differs from the
 * defaults, by name: "policy.scorer=oracle&population.online=500&name=Quiet+night". People can read
 * it and edit it by hand, and it keeps its meaning when knobs are added.
 */
export function encodePermalink(scenario: Scenario): string {
  const text = new URLSearchParams();
  const write = (value: unknown, usual: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value))
        write(
          child,
          Array.isArray(value) ? usualStage : (usual as Record<string, unknown> | undefined)?.[key],
          path === '' ? key : `${path}.${key}`,
        );
    else if (value !== usual) text.append(path, String(value));
  };
  write(scenario, parseScenario({}), '');
  return text.toString();
}

/** What a stage has where nothing is said. */
const usualStage = { side: 'both' };

/** The scenario of a permalink. @throws LabError that names the first knob that is wrong. */
export function decodePermalink(text: string): Scenario {
  const input: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const [path, value] of new URLSearchParams(text)) {
    const where = `link.${path}`;
    if (seen.has(path)) throw new LabError('this knob is set twice', where);
    seen.add(path);
    setKnob(input, path, value, where);
  }
  return parseScenario(input);
}

/**
 * Sets the knob at `path` ("policy.scorer", "stages.0.policy.threshold") in a plain object; creates
 * missing groups and lists. Text that looks like a number becomes one, except for the name
 * and formulas.
 * @throws LabError at `where` for a path that no scenario can have.
 */
export function setKnob(root: Record<string, unknown>, path: string, text: string, where: string): void {
  const keys = path.split('.');
  let node: Record<string, unknown> | unknown[] = root;
  keys.forEach((key, depth) => {
    if (!/^[A-Za-z0-9+-]+$/.test(key) || key in Object.prototype)
      throw new LabError(`"${path}" is not the name of a knob`, where);
    const isList = Array.isArray(node);
    if (isList && !(/^\d{1,3}$/.test(key) && Number(key) <= (node as unknown[]).length))
      throw new LabError(`"${path}" must number its stages 0, 1, 2, ... without gaps`, where);
    const at = node as Record<string, unknown>;
    if (depth === keys.length - 1) {
      if (typeof at[key] === 'object') throw new LabError(`"${path}" is a group of knobs, not a knob`, where);
      at[key] = /^name$|(^|[.])formula$/.test(path) ? text : numberOrText(text);
      return;
    }
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (next !== undefined && (typeof next !== 'object' || next === null))
      throw new LabError(`"${path}" goes below a knob`, where);
    at[key] = next ?? (/^\d+$/.test(keys[depth + 1]) ? [] : {});
    node = at[key] as Record<string, unknown> | unknown[];
  });
}

function numberOrText(text: string): number | string {
  const value = parseDecimal(text);
  return Number.isNaN(value) ? text : value;
}
