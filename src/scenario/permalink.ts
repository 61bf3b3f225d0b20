import { LabError } from '../base/errors.ts';
import { parseScenario } from './parse.ts';
import type { Scenario } from './schema.ts';

/**
 * A scenario as one line of text that fits into an address: only what differs from the defaults, by name, e.g.
 * "policy.scorer=oracle&population.online=500&name=Quiet+night". A person can read it and change it by hand, and it keeps its
 * meaning when knobs are added.
 */
export function encodePermalink(scenario: Scenario): string {
  const text = new URLSearchParams();
  const write = (value: unknown, usual: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value))
        write(
          child,
          (usual as Record<string, unknown> | undefined)?.[key],
          path === '' ? key : `${path}.${key}`,
        );
    else if (value !== usual) text.append(path, String(value));
  };
  write(scenario, parseScenario({}), '');
  return text.toString();
}

/** The scenario of a permalink. Throws LabError that names the first thing it cannot read. */
export function decodePermalink(text: string): Scenario {
  const input: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const [path, value] of new URLSearchParams(text)) {
    if (seen.has(path)) throw new LabError('this knob is set twice', `link.${path}`);
    seen.add(path);
    setPath(input, path, path === 'name' ? value : readValue(value));
  }
  return parseScenario(input);
}

/** Numbers are numbers, everything else is a word. */
export function readValue(text: string): number | string {
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

/** Sets `path` ("policy.scorer", "stages.0.policy.threshold") in a plain object, making what is missing. Throws LabError. */
export function setPath(root: Record<string, unknown>, path: string, value: number | string): void {
  const keys = path.split('.');
  let node: Record<string, unknown> | unknown[] = root;
  keys.forEach((key, depth) => {
    const where = `link.${path}`;
    if (!/^[A-Za-z0-9+-]+$/.test(key) || key in Object.prototype)
      throw new LabError(`"${path}" is not the name of a knob`, where);
    const isIndex = Array.isArray(node);
    if (isIndex && !(Number(key) <= (node as unknown[]).length && /^\d{1,2}$/.test(key)))
      throw new LabError(`"${path}" must count its stages 0, 1, 2 ...`, where);
    const at = node as Record<string, unknown>;
    if (depth === keys.length - 1) {
      if (typeof at[key] === 'object') throw new LabError(`"${path}" names a whole group`, where);
      at[key] = value;
      return;
    }
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (next !== undefined && (typeof next !== 'object' || next === null))
      throw new LabError(`"${path}" goes below a value`, where);
    at[key] = next ?? (/^\d+$/.test(keys[depth + 1]) ? [] : {});
    node = at[key] as Record<string, unknown> | unknown[];
  });
}
