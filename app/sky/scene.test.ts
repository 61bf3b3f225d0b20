import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POINT } from './render/fields.ts';
import { motion, State, visibility } from './render/motion.ts';
import { SkyScene } from './scene.ts';
import type { SkyFrame } from './types.ts';

const view = { colourBy: 'country', reducedMotion: false } as const;
const calm = { colourBy: 'country', reducedMotion: true } as const;

function frame(ids: number[], pairs: number[] = [], left: number[] = []): SkyFrame {
  const n = ids.length;
  return {
    n,
    ids: Uint32Array.from(ids),
    positions: Float32Array.from({ length: 2 * n }, (_, k) => Math.sin(ids[k >> 1] * 7 + k)),
    segment: Uint8Array.from(ids, (id) => id % 8),
    waited: new Float32Array(n),
    pairs: Uint32Array.from(pairs),
    left: Uint32Array.from(left),
  };
}

function stateOf(scene: SkyScene, id: number): number {
  return scene.points[scene.slotOf(id) * POINT.stride + POINT.state];
}

/** One tick of a random evening over 40 people: who waits, how many of them pair, who left. */
const tick = fc.record({
  ids: fc.uniqueArray(fc.nat(39), { maxLength: 30 }),
  pairs: fc.nat(15),
  left: fc.uniqueArray(fc.nat(39), { maxLength: 8 }),
  wait: fc.integer({ min: 1, max: 1500 }),
});

describe('SkyScene', () => {
  it('does not collect the lights of many ticks when they follow each other at full speed', () => {
    const scene = new SkyScene();
    for (let tick = 0; tick < 40; tick++) {
      const ids = Array.from({ length: 40 }, (_, k) => 40 * tick + k);
      scene.setPeople(
        frame(
          ids,
          ids.map((_, k) => k),
        ),
        view,
        5e6 + 16 * tick,
      );
    }
    expect(scene.arcCount).toBe(2 * 20);
    expect(scene.count).toBe(2 * 40);
    // Nobody glows as a new arrival.
    for (let slot = 0; slot < scene.count; slot++)
      expect(scene.points[slot * POINT.stride + POINT.born]).toBeLessThan(-motion.arrive);
  });

  it('draws each waiting person once and removes what has faded, in any evening', () => {
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 25 }), fc.boolean(), (ticks, still) => {
        const scene = new SkyScene();
        let now = 5e6;
        for (const { ids, pairs, left, wait } of ticks) {
          now += wait;
          const made = Math.min(pairs, ids.length >> 1);
          const paired = Array.from({ length: 2 * made }, (_, k) => k);
          scene.setPeople(frame(ids, paired, left), still ? calm : view, now);
          const drawn = Array.from(scene.ids.subarray(0, scene.count));
          expect(new Set(drawn).size).toBe(drawn.length);
          drawn.forEach((id, slot) => expect(scene.slotOf(id)).toBe(slot));
          ids.forEach((id, i) => {
            const slot = scene.slotOf(id);
            expect(scene.poolIndex(slot)).toBe(i);
            expect(stateOf(scene, id)).toBe(i < 2 * made ? State.matched : State.waiting);
          });
          for (const id of drawn) if (!ids.includes(id)) expect(stateOf(scene, id)).not.toBe(State.waiting);
          expect(scene.arcCount).toBeGreaterThanOrEqual(made);
          for (const value of scene.points.subarray(0, scene.count * POINT.stride))
            expect(Number.isFinite(value)).toBe(true);
        }
        now += 1000 * Math.max(motion.leave, motion.part) + 1;
        scene.setPeople(frame([]), view, now);
        now += 1000 * motion.leave + 1;
        scene.setPeople(frame([]), view, now);
        expect([scene.count, scene.arcCount]).toEqual([0, 0]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('moves a point smoothly from its visible position to the new one', () => {
    const scene = new SkyScene();
    const at = { x: 0, y: 0 };
    scene.setPeople({ ...frame([1]), positions: new Float32Array([0, 0]) }, view, 0);
    scene.setPeople({ ...frame([1]), positions: new Float32Array([0.5, 0]) }, view, 2000);
    scene.placeAt(0, 2000, false, at);
    expect(at.x).toBe(0);
    scene.placeAt(0, 2400, false, at);
    const seen = at.x;
    expect(seen).toBeGreaterThan(0.1);
    scene.setPeople({ ...frame([1]), positions: new Float32Array([-0.5, 0]) }, view, 2400);
    scene.placeAt(0, 2400, false, at);
    expect(at.x).toBeCloseTo(seen, 5);
    scene.placeAt(0, 9000, false, at);
    expect(at.x).toBeCloseTo(-0.5, 6);
  });

  it('draws an arc between a pair, and moves people who leave outwards', () => {
    const scene = new SkyScene();
    const at = { x: 0, y: 0 };
    const positions = new Float32Array([0.1, 0.2, -0.3, 0.4, 0.5, 0]);
    scene.setPeople({ ...frame([1, 2, 3]), positions }, view, 0);
    scene.setPeople({ ...frame([1, 2], [0, 1], [3]), positions: positions.subarray(0, 4) }, view, 2000);
    expect(Array.from(scene.arcs.subarray(0, 4))).toEqual(Array.from(positions.subarray(0, 4)));
    expect(stateOf(scene, 3)).toBe(State.leaving);
    scene.placeAt(scene.slotOf(3), 2000 + 1000 * motion.leave, false, at);
    expect(at.x).toBeCloseTo(0.5 + motion.outwards, 5);
  });

  it('shows a pair and its arc until the next tick, then fades both', () => {
    const scene = new SkyScene();
    scene.setPeople(frame([1, 2, 3], [0, 1]), view, 0);
    const lit = (id: number, now: number) => {
      const at = scene.slotOf(id) * POINT.stride;
      const seconds = (field: number) => (now - scene.epoch) / 1000 - scene.points[at + field];
      return visibility(stateOf(scene, id), seconds(POINT.born), seconds(POINT.since), seconds(POINT.parted));
    };
    expect(lit(1, 60_000)).toBeCloseTo(motion.held, 6);
    scene.setPeople(frame([3]), view, 60_000);
    expect(lit(1, 60_000)).toBeCloseTo(motion.held, 6);
    expect(lit(1, 60_000 + 1000 * motion.part)).toBe(0);
    expect(scene.arcCount).toBe(1);
    scene.setPeople(frame([3]), view, 61_000);
    expect([scene.count, scene.arcCount]).toEqual([1, 0]);
  });

  it('does not move with reduced motion', () => {
    const scene = new SkyScene();
    const at = { x: 0, y: 0 };
    scene.setPeople(frame([1, 2, 3]), calm, 0);
    const next = frame([1, 2], [0, 1], [3]);
    scene.setPeople(next, calm, 100);
    scene.placeAt(scene.slotOf(1), 100, true, at);
    expect(at.x).toBeCloseTo(next.positions[0], 6);
    expect(scene.busyUntil).toBe(100);
    scene.setPeople(frame([5]), calm, 200);
    expect([scene.count, scene.arcCount]).toEqual([1, 0]);
  });

  it('recolours the people of the last frame', () => {
    const scene = new SkyScene();
    scene.setPeople(frame([4, 9]), view, 0);
    scene.recolour(Uint8Array.of(6, 2), 'gender');
    expect(scene.points[scene.slotOf(9) * POINT.stride + POINT.colour]).toBe(2);
  });

  it('rejects invalid frames', () => {
    const scene = new SkyScene();
    expect(() =>
      scene.setPeople({ ...frame([1, 2]), positions: new Float32Array([0, NaN, 0, 0]) }, view, 0),
    ).toThrow(/place of person 1 is not finite/);
    expect(() => scene.setPeople(frame([1, 2], [0, 2]), view, 0)).toThrow(/position 2 of a pool of 2/);
    expect(() => scene.setPeople({ ...frame([1, 2]), n: 3 }, view, 0)).toThrow(/3 people need 3 ids/);
  });
});
