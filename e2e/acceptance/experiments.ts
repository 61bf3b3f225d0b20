import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../src/lab/compute.ts';
import { contentKinds } from '../../src/lab/content/kinds.ts';

interface ExperimentCase {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expect: unknown;
  /** A share of the figure such as `1e-9`; `band` where `expect` has `low` and `high`; `exact`. */
  readonly tolerance: string;
}

/** Kinds of content cases that are formulas of experiments. */
const ofExperiments = [
  ...['adjustment', 'aha', 'front-door', 'interleaving-efficiency', 'quantiles', 'team-draft'],
];
/** Members of an input that name a CSV file beside the cases. */
const fileMembers = ['file', 'stream', 'log'];

/** Figures that the input does not determine: the law of a world that is not part of the case. */
const undetermined = ['trueEffectOfMakingItHappen'];

/** Every formula of `lab compute` against figures that were computed or published elsewhere. */
export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  const content = join(dataFolder, 'content', 'cases');
  return [
    ...casesIn(join(dataFolder, 'experiments'), (kind) => kind !== 'live'),
    ...casesIn(content, (kind) => ofExperiments.includes(kind) || contentKinds.has(kind)),
  ];
}

function casesIn(folder: string, wanted: (kind: string) => boolean): ReturnType<typeof cases> {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && wanted(file.slice(0, -'.json'.length)))
    .flatMap((file) => {
      const { kind, cases: all } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        kind: string;
        cases: ExperimentCase[];
      };
      return all.map((given) => ({
        name: `compute ${kind}: ${given.id}`,
        run: async () => compare(await compute(folder, kind, given.input), given.expect, given.tolerance, ''),
      }));
    });
}

async function compute(folder: string, kind: string, given: ExperimentCase['input']): Promise<unknown> {
  const input = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      fileMembers.includes(name) && typeof value === 'string' ? fileOf(folder, value) : value,
    ]),
  );
  const scratch = mkdtempSync(join(tmpdir(), 'compute-'));
  try {
    const path = join(scratch, 'input.json');
    writeFileSync(path, JSON.stringify(input));
    // As a user gets it: through JSON, so that a missing number is null.
    return JSON.parse(JSON.stringify(await command.run([kind, path])));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Logs of the Open Bandit Dataset are in the folder above the cases. */
const fileOf = (folder: string, name: string) =>
  join(name.startsWith('obd-') ? join(folder, '..') : folder, name);

/** Every figure of `expected` has to be there; further figures are ignored. */
function compare(actual: unknown, expected: unknown, tolerance: string, at: string): void {
  if (typeof expected === 'number') {
    const relative = Math.max(1e-9, Number(/1e-\d+/.exec(tolerance)?.[0] ?? 1e-9));
    assert.ok(typeof actual === 'number', `${at} is ${String(actual)}; expected ${expected}`);
    const close = Math.abs(actual - expected) <= relative * Math.abs(expected) + 1e-10;
    assert.ok(close, `${at} is ${actual}; expected ${expected}`);
    return;
  }
  if (typeof expected !== 'object' || expected === null) return assert.equal(actual, expected, at);
  const wanted = expected as Readonly<Record<string, unknown>>;
  const { low, high } = wanted;
  if (tolerance === 'band' && typeof low === 'number' && typeof high === 'number') {
    const inside = typeof actual === 'number' && actual >= low && actual <= high;
    return assert.ok(inside, `${at} is ${String(actual)}; expected ${low} to ${high}`);
  }
  if (Array.isArray(expected)) assert.equal((actual as unknown[]).length, expected.length, at);
  for (const [key, value] of Object.entries(wanted).filter(([name]) => !undetermined.includes(name)))
    compare((actual as Record<string, unknown> | null)?.[key], value, tolerance, `${at}.${key}`);
}
