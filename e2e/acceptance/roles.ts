import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command as adjust } from '../../src/lab/causal/adjust.ts';
import { command as slices } from '../../src/lab/slices.ts';

interface RoleCase {
  readonly id: string;
  readonly input: Readonly<
    Record<'file' | 'treatment' | 'treated' | 'control' | 'outcome' | 'count', string>
  > &
    Readonly<Partial<Record<'confounders' | 'mediators' | 'colliders', readonly string[]>>>;
  readonly expect: Readonly<Record<string, unknown>>;
}

/** Every case of a causal role: confounder adjusted, mediator decomposed, collider refused. */
export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  const folder = join(dataFolder, 'experiments');
  if (!existsSync(folder)) return [];
  const { cases: all } = JSON.parse(readFileSync(join(folder, 'adjust.json'), 'utf8')) as {
    cases: RoleCase[];
  };
  return all.flatMap(({ id, input, expect }) => {
    const given = (['confounders', 'mediators', 'colliders'] as const).find(
      (name) => input[name] !== undefined,
    );
    if (given === undefined) return [];
    const role = given.slice(0, -1);
    const args = [
      ...[join(folder, input.file), '--treatment', input.treatment, '--outcome', input.outcome],
      ...['--count', input.count, `--${role}`, (input[given] ?? []).join(',')],
    ];
    return [
      {
        name: `lab adjust, ${role}: ${id}`,
        async run() {
          const result = await adjust.run([...args, '--treated', input.treated, '--control', input.control]);
          const figures = result.figures as Readonly<Record<string, unknown>>;
          for (const name of [
            'crude',
            'ate',
            'att',
            'atc',
            'total',
            'natural_direct',
            'natural_indirect',
            'effect',
          ])
            if (name in expect) near(figures[name], expect[name], name);
          assert.equal(result.role, role);
        },
      },
      {
        name: `lab slices, ${role}: ${id}`,
        async run() {
          const result = await slices.run(args);
          assert.equal(result.role, role);
          // The difference is first minus second, in the order of the file.
          const sign = result.first === input.treated ? 1 : -1;
          const flip = (x: unknown) => sign * (x as number);
          near({ value: flip(result.difference?.crude.value) }, expect['crude'], 'crude');
          if (role === 'confounder')
            near({ value: flip(result.difference?.standardised.value) }, expect['ate'], 'standardised');
          if (role === 'mediator' && sign === 1)
            near(result.effects?.naturalDirect, expect['natural_direct'], 'natural direct');
          if (role === 'collider') assert.equal(result.difference?.standardised.value, null);
        },
      },
    ];
  });
}

function near(found: unknown, expected: unknown, name: string): void {
  const { value } = found as { value: number };
  assert.ok(
    Math.abs(value - (expected as number)) < 1e-9,
    `${name} is ${value}; expected ${String(expected)}`,
  );
}
