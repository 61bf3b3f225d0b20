import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { readCsv } from '../../base/text/csv.ts';
import { memorySource } from '../../base/text/source.ts';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import { createMarket } from '../../sim/market.ts';
import { createWorld } from '../../world/world.ts';
import { importData, inspectAs } from '../import-data.ts';
import { syntheticFiles } from '../testing/synthetic.ts';
import { linesText, meetings as fewMeetings, people as fewPeople } from '../testing/small-files.ts';
import { readWorld, writeWorld } from '../world/world-file.ts';

const files = syntheticFiles({
  ...{ people: 60, each: 16, outcome: 'duration', talk: 0.1, charm: 0.1, taste: 1 },
});

async function read(
  vectors: string | Uint8Array | undefined,
  { people, meetings }: { people: string; meetings: string } = files,
) {
  const sources = {
    people: memorySource('people.csv', people),
    meetings: memorySource('meetings.csv', meetings),
    ...(vectors !== undefined && { vectors: memorySource('vectors.csv', vectors, 61) }),
  };
  const look = await inspectAs(sources.people, sources.meetings);
  return importData(sources, look, look.mapping);
}

const small = { people: linesText(fewPeople), meetings: linesText(fewMeetings) };
/** One vector of `row` for each of the twelve people. */
const table = (header = 'id,x,y', row = (p: number) => `u${p},${p},${(p * p) % 7}`) => [
  header,
  ...Array.from({ length: 12 }, (_, p) => row(p)),
];

/** The digest of some ticks of the imported people. */
async function evening(
  { scenario, cast }: Awaited<ReturnType<typeof read>>['world'],
  scorer: 'vectors' | 'random',
): Promise<string> {
  const market = createMarket({
    ...{ scenario, backend: createCpuBackend(), world: createWorld(scenario, cast) },
    policy: { ...scenario.policy, scorer },
  });
  for (let t = 0; t < 8; t++) await market.tick();
  return market.digest.hex();
}

describe('vectors of the user', () => {
  test('predict the outcome in its unit, change the evening, and are part of the world and its key', async () => {
    const [own, plain] = [await read(files.vectors), await read(undefined)];
    // The files were made with a taste of 1 ln s for a product of deviation 1 around it.
    expect(own.vectors).toMatchObject({ rows: 120, dim: 2, each: 2, assumed: false });
    expect(own.vectors?.slope).toBeGreaterThan(0.8);
    expect(own.vectors?.slope).toBeLessThan(1.2);
    expect(own.vectors?.durationCorrelation).toBeGreaterThan(0.5);
    expect(own.assumptions.join('\n')).toMatch(
      /predicts seconds\. A regression on \d{3} meetings of one half/,
    );
    expect(own.world.cast.key).not.toBe(plain.world.cast.key);
    expect({ ...own.world.cast, key: '', vectors: undefined }).toEqual({
      ...{ ...plain.world.cast, key: '', vectors: undefined },
    });
    const again = readWorld(JSON.parse(writeWorld(own.world)), 'world.json');
    expect(again).toEqual(own.world);
    expect(await evening(again, 'vectors')).not.toBe(await evening(again, 'random'));
    await expect(evening(plain.world, 'vectors')).rejects.toThrow('--vectors FILE');
  });

  test('one for each person, from Parquet, padded; with few meetings the scale is an assumption', async () => {
    const lines = table('id,a,b,c,d,e', (p) => `u${p},${p},0.5,-1e-2,${p % 3},7`);
    const { header, rows } = readCsv(new TextEncoder().encode(linesText(lines)), 'v');
    const columnData = header.map((name, c) => ({
      name,
      data: rows.map((row) => (c === 0 ? row.cells[c] : Number(row.cells[c]))),
    }));
    const parquet = new Uint8Array(parquetWriteBuffer({ columnData }));
    const fewer = { ...small, meetings: linesText(fewMeetings.slice(0, 25)) };
    const { vectors, world, assumptions } = await read(parquet, fewer);
    expect(vectors).toMatchObject({ dim: 5, each: 1, assumed: true, slope: 0.3 });
    expect(assumptions.join('\n')).toMatch(/Only \d+ meetings .* do not read them as seconds\./);
    expect(world.cast.vectors?.dim).toBe(8);
    expect(world.cast.vectors?.user).toBeUndefined();
    expect([...world.cast.vectors!.peer.subarray(5, 8)]).toEqual([0, 0, 0]);
    const text = linesText(lines);
    expect((await read(text, fewer)).world.cast).toEqual(world.cast);
  });

  test.each<[string, readonly string[], string]>([
    ['a missing person', table().slice(0, 12), 'vectors.csv: 1 of 12 people have no vector, first "u11"'],
    ['a repeated person', [...table(), 'u3,1,1'], 'vectors.csv:14:1: "u3" has a vector in line 5'],
    ['an unknown person', [...table(), 'z9,1,1'], 'vectors.csv:14:1: id "z9" is not among the 12 people'],
    [
      'a near miss',
      [...table(), 'U3,1,1'],
      'vectors.csv:14:1: id "U3" is not among the 12 people that were read from people.csv; "u3" differs only in upper and lower case',
    ],
    ['another length', [...table(), 'u3,1'], 'vectors.csv:14:'],
    [
      'no number',
      table('id,x,y', (p) => `u${p},1,${p === 4 ? 'NaN' : 2}`),
      'vectors.csv:6:6: y is "NaN"; a finite number',
    ],
    ['an infinite number', table('id,x,y', (p) => `u${p},1e999,1`), 'vectors.csv:2:4: x is "1e999"'],
    ['an empty cell', table('id,x,y', (p) => `u${p},,1`), 'vectors.csv:2:'],
    ['a huge number', table('id,x,y', (p) => `u${p},1e7,1`), 'a component lies within 1,000,000'],
    ['no column', table('id', (p) => `u${p}`), 'vectors.csv:1:1: the table has 0 columns beside the id'],
    [
      'too many columns',
      table(
        ['id', ...Array.from({ length: 129 }, (_, k) => `c${k}`)].join(),
        (p) => `u${p}${',1'.repeat(129)}`,
      ),
      'has 129 columns',
    ],
    [
      'an unknown role',
      table('id,role,x', (p) => `u${p},maybe,${p}`),
      'vectors.csv:2:4: role is "maybe"; "is" or "seeks"',
    ],
    [
      'a missing role',
      table('id,role,x', (p) => `u${p},is,${p}`),
      '12 of 12 people have no vector of the role "seeks"',
    ],
    [
      'vectors that are all alike',
      table('id,x', (p) => `u${p},1`),
      'the product of the vectors is the same in all',
    ],
  ])('are refused for %s', async (_, lines, message) => {
    const error: unknown = await read(linesText(lines), small).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toContain(message);
  });
});
