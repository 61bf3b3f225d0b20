import { describe, expect, it } from 'vitest';
import { scenario } from '../../scenario/parse.ts';
import { createWorld } from '../../world/world.ts';
import { ChatRecorder } from '../train/chat-log.ts';
import { DENSE, features, historyBucket, ROWS, slotOffsets, SLOTS } from './features.ts';
import { createScorer } from '../serve/scorers.ts';
import { randomTower } from '../testing/random-tower.ts';
import { saveTower, loadTowers } from './save-towers.ts';
import { RECENT_SLOTS } from '../../score/types.ts';
import type { Tower } from './tower.ts';

const world = createWorld(scenario({ seed: 5, population: { people: 300 } }));
const { people } = world;
const everyone = Uint32Array.from({ length: people.count }, (_, id) => id);

function read(): { sparse: Uint32Array; dense: Float32Array } {
  const sparse = new Uint32Array(people.count * SLOTS);
  const dense = new Float32Array(people.count * DENSE);
  features(people, everyone, people.count, sparse, dense);
  return { sparse, dense };
}

function model() {
  const shape = { dim: 8, slots: SLOTS, embed: 2, dense: DENSE, rows: ROWS, hidden: [4] };
  const tower: Tower = randomTower(shape, 2);
  const { bytes, header } = saveTower(tower, { scale: 1, bias: 0, logBias: 0, recipe: {}, metrics: {} });
  return loadTowers(bytes, header);
}

describe('features', () => {
  it('stay in their slot and between 0 and 1', () => {
    const { sparse, dense } = read();
    sparse.forEach((row, k) => {
      expect(row).toBeGreaterThanOrEqual(slotOffsets[k % SLOTS]);
      expect(row).toBeLessThan(slotOffsets[(k % SLOTS) + 1]);
    });
    for (const x of dense) expect(x >= 0 && x <= 1).toBe(true);
    // Every dense input tells people apart in a usual world.
    for (let d = 0; d < DENSE; d++)
      expect(new Set(Array.from(everyone, (id) => dense[id * DENSE + d])).size).toBeGreaterThan(1);
  });

  it('are the same, bit for bit, in a recorded meeting and in a tick', () => {
    const towers = model();
    const n = 40;
    const { pool } = createScorer(world, towers)(scenario({}).policy, {
      n,
      ids: everyone,
      waited: new Float32Array(n),
      recent: new Uint32Array(people.count * RECENT_SLOTS),
    });
    const recorder = new ChatRecorder();
    for (let a = 0; a < n; a += 2) {
      recorder.met(people, a, a + 1);
      recorder.ended({ a, b: a + 1, start: 0, end: 1, duration: 1, outcome: 0, leaver: 0 });
    }
    const log = recorder.log();
    expect(Array.from(log.sparse)).toEqual(Array.from(pool.features!.sparse.subarray(0, n * SLOTS)));
    expect(new Uint32Array(log.dense.buffer)).toEqual(
      new Uint32Array(pool.features!.dense.slice(0, n * DENSE).buffer),
    );
  });

  it('read nothing that a service could not know', () => {
    const before = read();
    const secret = [people.taste, people.appeal, people.talk, people.charm, people.patience, people.mood];
    const kept = secret.map((column) => column.slice());
    for (const column of secret) column.fill(9);
    const after = read();
    secret.forEach((column, k) => column.set(kept[k]));
    expect(after).toEqual(before);
  });

  it('know a newcomer, and forget who lived in a slot before', () => {
    expect([0, 1, 2, 3, 15, 16, 50, 51].map(historyBucket)).toEqual([0, 1, 1, 2, 3, 4, 4, 5]);
    const first = read().sparse[0];
    const rows = new Set<number>();
    for (let generation = 1; generation < 30; generation++) {
      people.generation[0] = generation;
      rows.add(read().sparse[0]);
    }
    people.generation[0] = 0;
    expect(rows.size).toBeGreaterThan(5);
    expect(read().sparse[0]).toBe(first);
  });
});

describe('weights file', () => {
  it('survives a round trip bit for bit', () => {
    const one = model();
    const saved = saveTower(one.tower, one.header);
    const two = loadTowers(saved.bytes, JSON.parse(JSON.stringify(saved.header)));
    expect(two.tower).toEqual(one.tower);
    expect(saved.header.hash).toBe(one.header.hash);
  });

  it('is refused where it is damaged or foreign', () => {
    const { tower } = model();
    const { bytes, header } = saveTower(tower, { scale: 1, bias: 0, logBias: 0, recipe: {}, metrics: {} });
    const flipped = bytes.slice();
    flipped[17] ^= 1;
    expect(() => loadTowers(flipped, header)).toThrow('the file is damaged');
    expect(() => loadTowers(bytes.subarray(0, 100), header)).toThrow('the weights must be');
    expect(() => loadTowers(bytes, { ...header, features: 'other' })).toThrow(
      'retrain with "lab train towers"',
    );
    expect(() => loadTowers(bytes, { ...header, scale: NaN })).toThrow('scale must be above 0');
    expect(() => loadTowers(bytes, 7)).toThrow('not a version 1 header');
  });
});
