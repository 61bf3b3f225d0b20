import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordTrainingData, trainMember } from '../../model/train/train-family.ts';
import { family } from '../../model/layout/config.ts';
import { familyRecipe, fileOf, shippedNames } from '../../model/layout/recipes.ts';
import { loadFactors } from '../../model/layout/save-factors.ts';
import { loadFamily, type FamilyModel } from '../../model/layout/save-family.ts';
import { compareModels } from '../../model/study/compare-models.ts';
import { loadShipped } from './load-model.ts';
import { command } from './train.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-train-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const quick = ['--worlds', '1', '--ticks', '300', '--epochs', '1'];
const read = (where: string, name: string): [Uint8Array, unknown] => [
  readFileSync(join(where, `${name}.bin`)),
  JSON.parse(readFileSync(join(where, `${name}.json`), 'utf8')) as unknown,
];

describe('lab train', () => {
  test('gives the same bytes and the same header twice, with curves of either phase', async () => {
    const tiny = { size: 8, projection: 4, embed: 2, hidden: [6], history: 6, epochs1: 1, epochs2: 1 };
    const material = await recordTrainingData({ seeds: [3001], ticks: 300, share: 0.75 }, () => undefined);
    const said: string[] = [];
    const train = () => trainMember('wide-deep', material, (text) => said.push(text), tiny);
    const one = await train();
    const two = await train();
    expect({ bytes: two.bytes, header: two.header }).toEqual({ bytes: one.bytes, header: one.header });
    expect(said.join()).toMatch(/wide-deep, phase 2, step \d+ of \d+: loss/);
    const { header } = loadFamily(one.bytes, one.header);
    expect(new Set(header.curve.map((p) => p.phase))).toEqual(new Set([1, 2]));
    expect(header.recipe).toMatchObject({ seeds: [3001], ticks: 300, backend: 'wasm' });
    expect(header.metrics['entire auroc']).toBeGreaterThan(0.4);
  });

  test('writes matrix factorisation that loads again', async () => {
    const said: string[] = [];
    const result = await command.run(['factors', '--out', folder, ...quick], (line) => said.push(line));
    expect(said.join()).toMatch(/factors, epoch 12 of 12: loss/);
    expect(command.print(result)).toMatch(/entire auroc +\d/);
    const model = loadFactors(...read(folder, 'factors'));
    expect(model.header.metrics['entire auroc']).toBeGreaterThan(0.5);
    expect(model.header.curve).toHaveLength(model.config.epochs);
  });

  test.each([
    [['nobody'], 'MODEL: there is no model "nobody"; there are factors'],
    [['constructor'], 'MODEL: there is no model "constructor"'],
    [['__proto__'], 'MODEL: there is no model "__proto__"'],
    [['cupd'], 'did you mean "cupid"?'],
    [[], 'MODEL is missing'],
    [['wide-deep', 'cupid'], 'unexpected argument "cupid"; expected only MODEL'],
    [['towers', '--steps', 'many'], '--steps: must be a whole number from 1 to 1000000; it is "many"'],
    [['towers', '--what', '3'], 'there is no option --what'],
  ])('%j is refused', async (args, message) => {
    await expect(command.run([...args, '--out', folder])).rejects.toThrow(message);
  });

  test('finds out before the work that a folder cannot be written', async () => {
    const said: string[] = [];
    await expect(
      command.run(['factors', '--out', '/dev/null/x', ...quick], (line) => said.push(line)),
    ).rejects.toThrow('/dev/null/x: cannot be written: a part of its path is not a folder');
    expect(said).toEqual([]);
  });
});

describe('the shipped family', () => {
  test('is small, complete, and of the recipe that stands in the code', async () => {
    for (const name of shippedNames) {
      const { bytes, json } = await loadShipped(name);
      const { header, config } = loadFamily(bytes, json, fileOf(name));
      expect(bytes.length).toBeLessThan(300_000);
      expect(config).toEqual(family[name]);
      expect(header.recipe).toMatchObject({ seeds: [...familyRecipe.seeds], ticks: familyRecipe.ticks });
    }
    const { bytes, json } = await loadShipped('factors');
    expect(loadFactors(bytes, json).header.bytes).toBeLessThan(300_000);
    await expect(loadShipped('nobody')).rejects.toThrow(
      /nobody\.\w+ is missing; make it with "lab train 'nobody'"/,
    );
  });

  test('keeps its order on an evening that it never saw', async () => {
    const { sessions, split } = await recordTrainingData(
      { seeds: [9001], ticks: 700, share: 0.5 },
      () => undefined,
    );
    const models: FamilyModel[] = [];
    for (const name of ['wide-deep', 'cupid']) {
      const { bytes, json } = await loadShipped(name);
      models.push(loadFamily(bytes, json));
    }
    const options = { coldBelow: 5, longSeconds: 30, replicates: 0, seed: 1, delays: [8] };
    const judging = compareModels(models, sessions, split, options);
    let result = await judging.next();
    while (!result.done) result = await judging.next();
    const { gains, models: judged } = result.value;
    const gain = (better: string, worse: string) =>
      gains.find((g) => g.better === better && g.worse === worse && g.segment === 'entire')!;
    expect(gain('cupid', 'wide-deep').mse.low).toBeGreaterThan(0);
    expect(gain('cupid', 'wide-deep').auroc.low).toBeGreaterThan(0);
    // Late vectors cost less than having none.
    const late = judged[1].delays![0].figures[0].mse.estimate;
    expect(late).toBeLessThan(judged[0].figures[0].mse.estimate);
  });
});
