import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../scenario/parse.ts';
import { createWorld } from '../../world/world.ts';
import { ChatRecorder } from '../train/chat-log.ts';
import { DENSE, features, slotOffsets, SLOTS } from '../layout/features.ts';
import { judgeChats, predictChats, smearing } from '../train/fit-towers.ts';
import { recordMeetings } from '../testing/meetings.ts';
import { embedErrorBound } from '../testing/tower-bound.ts';
import { outputNormBound } from './tower.ts';
import { MAX_NORM } from '../layout/tower.ts';
import { loadTowers } from '../layout/save-towers.ts';

const folder = new URL('../../../public/models/', import.meta.url);
const model = loadTowers(
  readFileSync(new URL('towers.bin', folder)),
  JSON.parse(readFileSync(new URL('towers.json', folder), 'utf8')),
);

describe('the shipped weights', () => {
  it('are small, and keep every possible person within the exact range', () => {
    expect(model.header.bytes).toBeLessThan(1_000_000);
    expect(outputNormBound(model.tower, slotOffsets) / model.tower.quantum).toBeLessThan(MAX_NORM);
  });

  it('leave a GPU pass less than one unit of room to differ', () => {
    const { people } = createWorld(scenario({ seed: 3, population: { people: 200 } }));
    const ids = Uint32Array.from({ length: 40 }, (_, k) => k);
    const sparse = new Uint32Array(40 * SLOTS);
    const dense = new Float32Array(40 * DENSE);
    features(people, ids, 40, sparse, dense);
    for (const i of ids)
      expect(Math.max(...embedErrorBound({ tower: model.tower, sparse, dense }, i))).toBeLessThan(0.5);
  });

  it.each([77, 78])('beat a constant in a world they never saw (seed %i)', (seed) => {
    const recorder = new ChatRecorder();
    recordMeetings(createWorld(scenario({ seed, population: { people: 2000 } })), 1500, seed, recorder);
    const log = recorder.log();
    const predicted = predictChats(model, log);
    const { explained, auroc, truthCorrelation } = judgeChats(predicted, log);
    expect(explained).toBeGreaterThan(0.25);
    expect(auroc).toBeGreaterThan(0.72);
    expect(truthCorrelation).toBeGreaterThan(0.55);
    // Expected seconds are right on average: what is left to smear is what the weights carry.
    expect(Math.abs(smearing(predicted, log) - (model.bias - model.logBias))).toBeLessThan(0.15);
  });
});
