import { expect, test } from 'vitest';
import { compileFormula, loadFormulas } from '../../../scenario/formula/language.ts';
import { taskTerms } from '../../../scenario/formula/terms.ts';
import { scenario } from '../../../scenario/parse.ts';
import { evaluate } from '../../../score/formula/evaluate.ts';
import { stepsOf } from '../../../score/formula/program.ts';
import { createWorld } from '../../../world/world.ts';
import { randomModel } from '../../layout/random-model.ts';
import { Families } from '../families.ts';
import { featureTower } from '../family-tower.ts';
import { Scratch } from '../scratch.ts';
import { forwardFeatures } from '../tower.ts';

const model = randomModel({ session: 'none' }, 5);
const { people } = createWorld(scenario({ population: { people: 300, online: 50 } }));
const n = 40;
const ids = Uint32Array.from({ length: n }, (_, i) => 7 * i);

test('chances in a formula are those of the prediction layers, up to the rounding of vectors', async () => {
  await loadFormulas();
  const families = new Families(people, { 'wide-deep': model });
  expect(families.tasksOf('wide-deep')).toEqual(taskTerms);
  const { heads, values } = families.taskTerms('wide-deep', taskTerms, ids, n, 0, new Scratch());
  const { input } = families.inputs('wide-deep', ids, n, new Scratch());
  const e = forwardFeatures({ ...input, tower: featureTower(model.config, model.embedders) }, n);
  const { size, projection } = model.config;
  const chance = (task: string, i: number, j: number) => {
    const [user, peer] = [model.heads[`user_${task}`].data, model.heads[`peer_${task}`].data];
    let score = 0;
    for (let o = 0; o < projection; o++) {
      let [u, p] = [0, 0];
      for (let k = 0; k < size; k++) {
        u += e[i * size + k] * user[k * projection + o];
        p += e[j * size + k] * peer[k * projection + o];
      }
      score += u * p;
    }
    score = model.heads[`scale_${task}`].data[0] * score + model.heads[`offset_${task}`].data[0];
    return 1 / (1 + Math.exp(-score));
  };
  for (const task of taskTerms) {
    const text = `${task === 'report' ? 'me.report + you.report' : `both(me.${task})`}`;
    const steps = stepsOf(compileFormula(`(${text}) * second`), 'exp', heads);
    const found = new Set<number>();
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const w = evaluate(steps, [0, 0], values, n, i, j);
        const both = chance(task, i, j) + chance(task, j, i);
        expect(Math.abs(w - (task === 'report' ? both : both / 2))).toBeLessThan(0.01);
        found.add(w);
      }
    expect(found.size).toBeGreaterThan(100);
  }
});

test('weights without a task are refused, by their name', () => {
  const one = randomModel({ session: 'none', tasks: ['duration'] }, 5);
  const families = new Families(people, { 'wide-deep': one });
  expect(families.tasksOf('wide-deep')).toEqual([]);
  expect(() => families.taskTerms('wide-deep', ['swipe'], ids, n, 0, new Scratch())).toThrow(
    'policy.formula: these weights of none predict duration, not swipe',
  );
});
