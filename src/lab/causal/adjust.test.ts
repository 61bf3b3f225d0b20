import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { command } from './adjust.ts';

const folder = mkdtempSync(join(tmpdir(), 'adjust-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'table.csv');

/** The same table under every role: policy, level, outcome and counts. */
const table =
  'policy,level,good,n\nB,short,1,150\nB,short,0,50\nA,short,1,560\nA,short,0,240\nB,long,1,360\nB,long,0,440\nA,long,1,80\nA,long,0,120\n';

async function adjust(...args: string[]) {
  writeFileSync(file, table);
  const result = await command.run([
    file,
    '--treatment',
    'policy',
    '--outcome',
    'good',
    '--count',
    'n',
    ...args,
  ]);
  return {
    result,
    text: command.print(result),
    figures: result.figures as Record<string, { value: number }>,
  };
}

describe('named roles', () => {
  test('a confounder is standardised over', async () => {
    const { result, figures, text } = await adjust('--confounder', 'level');
    expect(result).toMatchObject({
      treated: 'B',
      control: 'A',
      role: 'confounder',
      people: { treated: 1000 },
    });
    expect(figures['crude'].value).toBeCloseTo(-0.13, 12);
    expect(figures['ate'].value).toBeCloseTo(0.05, 12);
    expect(text).toMatch(/effect on everyone \(ate\) +0\.05 +-0\.\d+ to 0\.\d+/);
    expect(text).toContain('if level is the only common cause of treatment and outcome');
  });

  test('a mediator is decomposed', async () => {
    const { figures } = await adjust('--mediator', 'level', '--treated', 'B');
    expect(figures['natural_direct'].value + figures['natural_indirect'].value).toBeCloseTo(-0.13, 12);
    expect(figures['controlled_direct']).toHaveLength(2);
  });

  test('a collider is refused, with what adjusting would have said', async () => {
    const { figures, text } = await adjust('--collider', 'level');
    expect(figures['effect'].value).toBeCloseTo(-0.13, 12);
    expect(text).toMatch(/if adjusted for \(refused\) +0\.05/);
    expect(text).toContain('connects them by selection');
  });
});

describe('a diagram decides the roles', () => {
  test('it chooses the columns to adjust for', async () => {
    const { result } = await adjust('--diagram', 'level -> policy, good; policy -> good');
    expect(result).toMatchObject({ role: 'confounder', columns: ['level'], adjustmentSets: [['level']] });
    expect(result.roles?.find(({ column }) => column === 'level')?.role).toBe('confounder');
  });

  test.each([
    ['policy -> level -> good', 'policy changes level, which changes good'],
    ['policy -> good; policy -> level <- good', 'policy and good both cause level'],
    ['policy -> good; policy -> level', 'policy changes level, which does not change good'],
    ['policy <- u -> level <- v -> good; policy -> good', 'or by causes of both policy and good'],
    ['policy <- u -> good; level -> good; policy -> good', 'leaves the path policy <- u -> good open'],
  ])('%s: level is refused as a confounder', async (diagram, reason) => {
    const { result, figures } = await adjust('--diagram', diagram, '--confounder', 'level');
    expect(result.role).toBeNull();
    expect(result.note).toContain(reason);
    expect(figures['effect']).toBeUndefined();
    expect(figures['if_adjusted']).toBeDefined();
  });

  test('a front door is found where a common cause is hidden; else nothing is claimed', async () => {
    const front = await adjust('--diagram', 'policy <- u -> good; policy -> level -> good');
    expect(front.result).toMatchObject({ role: 'front-door', columns: ['level'] });
    // sum_z (P(z | B) - P(z | A)) sum_x P(x) P(good | x, z) = .6 (.5 (.45 + .4) - .5 (.75 + .7))
    expect(front.figures['effect'].value).toBeCloseTo(-0.18, 12);
    const none = await adjust('--diagram', 'policy <- u -> good; policy -> good');
    expect(none.result).toMatchObject({ role: null, columns: [] });
    expect(none.text).toContain('no effect is claimed: policy <- u -> good stays open');
    const through = await adjust(
      ...['--diagram', 'policy <- u -> good; policy -> level -> good', '--mediator', 'level'],
    );
    expect(through.result.role).toBeNull();
  });

  test('a file with the diagram, and an effect that is 0', async () => {
    const path = join(folder, 'diagram.txt');
    writeFileSync(path, '# no effect\nlevel -> policy\nlevel -> good\n');
    const { result } = await adjust('--diagram', path);
    expect(result.note).toContain('No arrow leads from policy to good: the true effect is 0');
  });
});

test.each([
  [[], 'the role of no column is told'],
  [['--confounder', 'level', '--mediator', 'n'], 'columns are named as confounder and mediator'],
  [['--confounder', 'level', '--treated', 'C'], 'no row has policy = "C"; there are "B", "A"'],
  [['--confounder', 'size'], 'there is no column "size"'],
  [['--diagram', 'a -> b'], 'the diagram has no "policy"; it has a, b'],
  [['--diagram', 'level -> policy, good', '--collider', 'level'], 'does not make level a collider'],
  [['--diagram', 'world'], 'the diagram has no "good"'],
])('%j is refused', async (args, message) => {
  await expect(adjust(...args)).rejects.toThrow(message);
});
