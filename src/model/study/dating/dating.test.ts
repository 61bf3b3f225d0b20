import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../base/text/csv.ts';
import { hash4, Stream, uniform } from '../../../base/hash.ts';
import { readSpeedDating } from './data.ts';
import { additiveRecipe, datingLoss, datingRecipe, fitDates, initDating } from './fit.ts';
import { byWave, crossValidate, datingInterval, foldOf, judgeDates } from './judge.ts';

const ratings = [
  ...[
    'imprace',
    'imprelig',
    'sports',
    'tvsports',
    'exercise',
    'dining',
    'museums',
    'art',
    'hiking',
    'gaming',
  ],
  ...['clubbing', 'reading', 'tv', 'theater', 'movies', 'concerts', 'music', 'shopping', 'yoga', 'exphappy'],
];
const header = ['user_id', 'wave', 'gender', 'age', 'race', 'field_cd', 'goal', 'date', 'go_out', ...ratings];

/** Invented dates: 12 women, 12 men, some wanted by many; `race` says who likes whom. */
function invent(): { users: string; dates: string } {
  const users = Array.from({ length: 24 }, (_, p) =>
    [
      p + 1,
      1,
      p % 2,
      20 + (p % 9),
      1 + (hash4(1, p, 0, 0) % 2),
      '',
      1,
      2,
      3,
      ...ratings.map((_, k) => 1 + ((p + k) % 10)),
    ].join(','),
  );
  const race = (p: number): number => hash4(1, p, 0, 0) % 2;
  const says = (i: number, j: number): number => {
    const score = -0.5 + 1.6 * (race(i) === race(j) ? 1 : -0.5) + 2 * (uniform(2, Stream.world, j, 0) - 0.5);
    return uniform(3, Stream.world, i, j) < 1 / (1 + Math.exp(-score)) ? 1 : 0;
  };
  const dates: string[] = [];
  for (let i = 0; i < 24; i++)
    for (let j = 1 - (i % 2); j < 24; j += 2) {
      // One in nine does not say how much.
      const like = (a: number, b: number) =>
        hash4(4, a, b, 0) % 9 === 0 ? '' : 3 + 4 * says(a, b) + (hash4(5, a, b, 0) % 3);
      dates.push(
        [i + 1, j + 1, race(i) === race(j) ? 1 : 0, says(i, j), says(j, i), like(i, j), like(j, i)].join(','),
      );
    }
  return {
    users: [header.join(','), ...users].join('\n'),
    dates: ['user_id,peer_id,samerace,dec,dec_o,like,like_o', ...dates].join('\n'),
  };
}

const parseCsv = (text: string, file: string) => readCsv(new TextEncoder().encode(text), file);
const { users, dates } = invent();
const d = readSpeedDating(parseCsv(users, 'u.csv'), parseCsv(dates, 'd.csv'));
const all = Array.from({ length: d.pairs }, (_, k) => k);

describe('speed dating', () => {
  it('has every pair once, with both decisions', () => {
    expect(d.people).toBe(24);
    expect(d.pairs).toBe(144);
    expect(all.every((k) => d.a[k] < d.b[k])).toBe(true);
    const [line] = dates.split('\n').filter((l) => l.startsWith('1,4,'));
    const pair = all.find((k) => d.a[k] === 0 && d.b[k] === 3)!;
    const cells = line.split(',').map((cell) => (cell === '' ? NaN : Number(cell)));
    expect(cells.slice(3)).toEqual([d.decA[pair], d.decB[pair], d.likeA[pair], d.likeB[pair]]);
    const blanks = dates.split('\n').filter((l) => /,,|,$/.test(l)).length;
    expect(blanks).toBeGreaterThan(0);
    expect(all.some((k) => Number.isNaN(d.likeA[k]) || Number.isNaN(d.likeB[k]))).toBe(true);
  });

  it.each([
    ['1,99,1,0', 'd.csv:2:3: peer_id "99" is not in u.csv'],
    ['01,2,1,0', 'd.csv:2:1: user_id "01" is not in u.csv; "1" differs only in leading zeros'],
    ['1,2,3,0', 'd.csv:2:5: a decision must be 0 or 1; it is 3'],
    ['1,1,1,0', 'd.csv:2:3: "1" meets themselves'],
    ['1,2,1,0\n1,2,1,0', 'd.csv:3:1: the date of "1" and "2" was already given in line 2'],
    ['1,2,1,0\n1,2,0,0', 'd.csv:3:5: the answers of "1" and "2" contradict those in line 2'],
    ['1,2,1,0\n2,1,1,0', 'd.csv:3:5: the answers of "2" and "1" contradict those in line 2'],
    ['1,2,1,0\n2,1,0,1\n2,1,0,1', 'd.csv:4:1: the date of "2" and "1" was already given in line 2'],
  ])('refuses the dates %j', (rows, message) => {
    const table = parseCsv(`user_id,peer_id,dec,dec_o\n${rows}`, 'd.csv');
    expect(() => readSpeedDating(parseCsv(users, 'u.csv'), table)).toThrow(message);
  });

  it('refuses a person listed twice', () => {
    const twice = parseCsv(`${users}\n${users.split('\n')[3]}`, 'u.csv');
    expect(() => readSpeedDating(twice, parseCsv(dates, 'd.csv'))).toThrow(
      'u.csv:26:1: user_id "3" was already given in line 4',
    );
  });

  it('has the gradient of finite differences', () => {
    const recipe = { ...datingRecipe, dim: 2 };
    const model = initDating(d, recipe);
    model.parameters.forEach(
      (_, k) => (model.parameters[k] += 0.2 * (uniform(5, Stream.training, k, 0) - 0.5)),
    );
    const gradient = new Float64Array(model.parameters.length);
    datingLoss(d, model, all.slice(0, 40), gradient);
    for (let k = 0; k < gradient.length; k++) {
      const at = (by: number): number => {
        const parameters = model.parameters.slice();
        parameters[k] += by;
        return datingLoss(d, { recipe, parameters }, all.slice(0, 40));
      };
      expect(gradient[k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
    }
  });

  it('learns from side information what the additive baseline cannot', () => {
    const folds = all.map((k) => foldOf(d, k, 4, 1));
    expect(new Set(folds).size).toBe(4);
    const training = all.filter((k) => folds[k] !== 0);
    const judged = all.filter((k) => folds[k] === 0);
    const recipe = { ...datingRecipe, steps: 150, linear: 2, bilinear: 1 };
    const both = judgeDates(d, judged, fitDates(d, training, judged, recipe));
    const base = judgeDates(d, judged, fitDates(d, training, judged, { ...additiveRecipe, steps: 150 }));
    expect(both.decision).toBeGreaterThan(0.6);
    expect(both.decision).toBeGreaterThan(base.decision + 0.05);
  });
});

describe('nested cross-validation', () => {
  const quick = { ...datingRecipe, dim: 2, steps: 60, linear: 2, bilinear: 1 };
  const outer = { folds: 3, of: (k: number) => foldOf(d, k, 3, 1) };
  const inner = { folds: 2, of: (k: number) => foldOf(d, k, 2, 2) };

  it('chooses the recipe without the held-out pairs', () => {
    const recipes = [quick, { ...quick, linear: 400, bilinear: 400 }];
    const usual = crossValidate(d, outer, inner, recipes);
    expect(usual.folds.reduce((sum, f) => sum + f.pairs, 0)).toBe(d.pairs);
    const turned = {
      ...d,
      decA: d.decA.map((x, k) => (outer.of(k) === 1 ? 1 - x : x)),
    };
    const changed = crossValidate(turned, outer, inner, recipes);
    expect(changed.folds[1].recipe).toEqual(usual.folds[1].recipe);
    const own = all.filter((k) => outer.of(k) === 1);
    for (const k of own) expect(changed.chances[2 * k]).toBe(usual.chances[2 * k]);
    expect(changed.chances).not.toEqual(usual.chances);
  });

  it('prefers the penalty that suits the data', () => {
    // Without a penalty all is learned by heart.
    const wild = { ...quick, personal: 1e-6, linear: 1e-6, bilinear: 1e-6 };
    const mild = { ...quick, personal: 2, linear: 5, bilinear: 5 };
    for (const fold of crossValidate(d, outer, inner, [wild, mild]).folds) expect(fold.recipe).toBe(mild);
  });

  it('has intervals around the pooled figure, and of width 0 for no difference', () => {
    const waves = { ...d, wave: d.wave.map((_, p) => p >> 3) };
    const { chances } = crossValidate(d, outer, inner, [quick]);
    const own = datingInterval(waves, 'decision', chances, undefined, { replicates: 100 });
    expect(own.estimate).toBe(judgeDates(d, all, chances).decision);
    expect(own.low).toBeLessThan(own.estimate);
    expect(own.high).toBeGreaterThan(own.estimate);
    const none = datingInterval(waves, 'mutual', chances, chances, { replicates: 100 });
    expect([none.estimate, none.low, none.high]).toEqual([0, 0, 0]);
  });

  it('keeps whole waves in one fold', () => {
    const waves = { ...d, wave: d.wave.map((_, p) => 2 * (p % 5) + 1) };
    const of = byWave(waves, 3);
    for (const k of all) expect(of(k)).toBe(Math.floor(waves.wave[d.a[k]] / 2) % 3);
  });
});
