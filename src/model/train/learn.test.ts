import { lax, numpy as np } from '@jax-js/jax';
import { beforeAll, describe, expect, it } from 'vitest';
import { normal, Stream } from '../../base/hash.ts';
import { scenario } from '../../scenario/parse.ts';
import { createWorld } from '../../world/world.ts';
import { ChatRecorder, type ChatLog } from './chat-log.ts';
import { DENSE, slotOffsets } from '../layout/features.ts';
import { fitTowers, judgeChats, predictChats, towerBatch, towerLoss } from './fit-towers.ts';
import { towerRecipe } from '../layout/recipes.ts';
import { recordMeetings } from '../testing/meetings.ts';
import { outputNormBound, embedTower, forwardTower } from '../serve/tower.ts';
import { MAX_NORM } from '../layout/tower.ts';
import type { Loss } from './adam.ts';
import { checkGradient } from '../testing/check-gradient.ts';
import { initWideDeep, towerNet, type TowerShape } from './tower-net.ts';
import { initLearning, toArrays, train, type Checkpoint, type TrainOptions } from './trainer.ts';
import type { Tensors } from '../layout/tensors.ts';

function chats(seed: number, count: number): ChatLog {
  const recorder = new ChatRecorder();
  recordMeetings(createWorld(scenario({ seed, population: { people: 1500 } })), count, seed, recorder);
  return recorder.log();
}

const log = chats(11, 2500);
const fresh = chats(12, 600);
const shape: TowerShape = { dim: 4, embed: 2, hidden: [5], offsets: slotOffsets, dense: DENSE };
const scalar = (value: number) => ({ data: Float32Array.of(value), shape: [1] });
const params: Tensors = { ...initWideDeep(shape, 8, 3), w: scalar(0.8), b: scalar(2.5) };

beforeAll(() => initLearning());

describe('two towers in jax-js', () => {
  it('are the network of the CPU reference', async () => {
    const batch = towerBatch(log, [0, 1, 2]);
    const { w: _w, b: _b, ...net } = toArrays(params);
    const [sideA] = towerNet(shape, net, [{ hot: toArrays(batch).hotA, dense: toArrays(batch).denseA }]);
    const user = (await sideA.user.data()) as Float32Array;
    const peer = (await sideA.peer.data()) as Float32Array;
    const width = [slotOffsets.length - 1, slotOffsets[slotOffsets.length - 1]];
    const layers = [0, 1].map((l) => ({
      inputs: params[`w${l}`].shape[0],
      outputs: params[`w${l}`].shape[1],
      w: params[`w${l}`].data,
      b: params[`b${l}`].data,
    }));
    const tower = {
      ...{ dim: 4, embed: 2, slots: width[0], dense: DENSE, rows: width[1], quantum: 1, layers },
      embedding: params.embedding.data,
      wide: params.wide.data,
    };
    for (let k = 0; k < 3; k++) {
      const out = forwardTower(
        {
          tower,
          sparse: Uint32Array.from(log.sparse.subarray(2 * k * width[0], (2 * k + 1) * width[0])),
          dense: log.dense.subarray(2 * k * DENSE, (2 * k + 1) * DENSE),
        },
        1,
      );
      for (let c = 0; c < 4; c++) {
        expect(user[k * 4 + c]).toBeCloseTo(out[c], 5);
        expect(peer[k * 4 + c]).toBeCloseTo(out[4 + c], 5);
      }
    }
  });

  it('has the gradient that finite differences give, compiled and not', async () => {
    const batch = towerBatch(
      log,
      Array.from({ length: 24 }, (_, k) => k),
    );
    const worst = await checkGradient(towerLoss(shape), params, batch);
    expect(worst.finite).toBeLessThan(0.01);
    expect(worst.compiled).toBeLessThan(1e-5);
  });

  it('would notice a wrong gradient', async () => {
    // The gradient of |x| told as that of x^2 / 2.
    const wrong: Loss = ({ x }, { y }) => {
      const e = x.sub(y);
      const value = np.abs(e.ref).mean();
      const fake = e.ref.mul(e).mean().mul(0.5);
      return fake.ref.sub(lax.stopGradient(fake)).add(lax.stopGradient(value));
    };
    const data = { data: Float32Array.of(2, -3, 0.4), shape: [3] };
    const worst = await checkGradient(wrong, { x: data }, { y: { ...data, data: new Float32Array(3) } });
    expect(worst.finite).toBeGreaterThan(0.1);
  });

  it('learn: validation loss falls, and a fresh world is predicted better than by a constant', async () => {
    const recipe = { ...towerRecipe, dim: 8, embed: 4, hidden: [16], steps: 40, batch: 256, rate: 0.01 };
    const losses: number[] = [];
    const training = fitTowers(log, fresh, recipe, { every: 5 });
    let result = await training.next();
    for (; !result.done; result = await training.next()) losses.push(result.value.validation);
    const fitted = result.value;
    expect(losses).toHaveLength(8);
    expect(losses[7]).toBeLessThan(losses[0] - 0.05);
    const figures = judgeChats(predictChats(fitted, fresh), fresh);
    expect(figures.explained).toBeGreaterThan(0.1);
    expect(figures.auroc).toBeGreaterThan(0.6);

    // Integers: within the promised norm for everybody, and nearly the same prediction as before
    // rounding.
    expect(outputNormBound(fitted.tower, slotOffsets) / fitted.tower.quantum).toBeLessThan(MAX_NORM);
    const input = { tower: fitted.tower, sparse: Uint32Array.from(fresh.sparse), dense: fresh.dense };
    const real = forwardTower(input, 200);
    const { user, peer } = embedTower(input, 200);
    const { dim, quantum } = fitted.tower;
    for (let k = 0; k < 100; k++) {
      let dot = 0;
      let exact = 0;
      for (let c = 0; c < dim; c++) {
        dot += user[2 * k * dim + c] * peer[(2 * k + 1) * dim + c];
        exact += (real[4 * k * dim + c] * real[(4 * k + 3) * dim + c]) / quantum ** 2;
      }
      expect(Math.abs(fitted.scale * (dot - exact))).toBeLessThan(0.05);
    }
  });
});

describe('training', () => {
  const target = Float32Array.from({ length: 6 }, (_, k) => normal(1, Stream.training, k, 0));
  const loss: Loss = ({ x }, { y, noise }) => {
    const e = x.sub(y).add(noise.mul(0.01));
    return e.ref.mul(e).sum();
  };
  const batch = (step: number): Tensors => ({
    y: { data: target, shape: [6] },
    noise: { data: target.map((_, k) => normal(2, Stream.training, step, k)), shape: [6] },
  });
  const options: TrainOptions = {
    params: { x: { data: new Float32Array(6), shape: [6] } },
    loss,
    steps: 40,
    rate: 0.1,
    batch,
    validation: batch(1000),
    every: 10,
  };
  const finish = async (
    o: TrainOptions,
    stopAt = Infinity,
  ): Promise<{ checkpoint?: Checkpoint; seen: number[] }> => {
    const g = train(o);
    const seen: number[] = [];
    for (;;) {
      const r = await g.next();
      if (r.done) return { checkpoint: r.value, seen };
      seen.push(r.value.validation);
      if (r.value.step >= stopAt) {
        await g.return(undefined as never);
        return { seen };
      }
    }
  };

  it('reaches the minimum loss, twice with the same bits', async () => {
    const one = await finish(options);
    const two = await finish(options);
    expect(one.seen[3]).toBeLessThan(0.4 * one.seen[0]);
    expect(two).toEqual(one);
  });

  it('goes on from a checkpoint as if it had never stopped', async () => {
    const whole = await finish(options);
    const half = await finish({ ...options, stopAfter: 20 });
    expect(half.checkpoint!.step).toBe(20);
    const rest = await finish({ ...options, resume: structuredClone(half.checkpoint!) });
    expect(rest.checkpoint).toEqual(whole.checkpoint);
  });

  it('stops when asked, and says where', async () => {
    const controller = new AbortController();
    const g = train({ ...options, steps: 100_000, signal: controller.signal });
    await g.next();
    controller.abort();
    await expect(g.next()).rejects.toThrow(/cancelled at step 11 of 100000/);
  });

  it('refuses to go on with a loss that is not finite', async () => {
    const bad = {
      ...options,
      batch: () => ({ ...batch(0), noise: { data: new Float32Array(6).fill(NaN), shape: [6] } }),
    };
    await expect(finish(bad)).rejects.toThrow('the loss is NaN at step 0');
  });
});
