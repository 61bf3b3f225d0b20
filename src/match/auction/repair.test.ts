import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stream, uniform } from '../../base/hash.ts';
import { createCpuBackend } from '../cpu-backend.ts';
import { greedy } from '../greedy/greedy.ts';
import { matchFile } from '../file/match-file.ts';
import type { MatchFileOptions } from '../file/match-types.ts';
import { fileOptions } from '../testing/file-options.ts';
import { repairGreedy } from './repair.ts';
import { families, familySource } from '../testing/families.ts';
import type { MatchBackend } from '../backend.ts';

describe('repair', () => {
  it('ends at the greedy matching from any matching at all', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...families),
        fc.constantFrom(0, 1, 2, 3, 17, 40),
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom('nobody', 'other weights', 'neighbours'),
        (family, n, seed, start) => {
          const source = familySource({ family, n, seed, twoSided: seed % 2 === 0, excluded: 0.2 });
          const other = familySource({ family, n, seed: seed + 1, twoSided: false, excluded: 0 });
          const mate =
            start === 'nobody'
              ? new Int32Array(n).fill(-1)
              : start === 'other weights'
                ? greedy(other).mate.slice()
                : Int32Array.from({ length: n }, (_, i) => ((i ^ 1) < n ? i ^ 1 : -1));
          repairGreedy(source, mate);
          expect([...mate]).toEqual([...greedy(source).mate]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('has nothing to do where nothing blocks', () => {
    const source = familySource({ family: 'random', n: 60, seed: 3, twoSided: false, excluded: 0 });
    const { mate } = greedy(source);
    const kept = mate.slice();
    expect(repairGreedy(source, mate)).toBe(30);
    expect(mate).toEqual(kept);
  });
});

describe('embeddings matched in single precision', () => {
  /** Pools are matched in f32 semantics on the CPU too: a stand-in for a GPU. */
  const single = (): MatchBackend => ({ ...createCpuBackend(), kind: 'gpu', adapter: 'stand-in' });
  const host = (openBackend: () => Promise<MatchBackend>) => ({ progress: () => undefined, openBackend });

  /** Vectors whose dots differ only far behind the comma. */
  const nearTies = (n: number, sided: boolean): Uint8Array => {
    const rows = Array.from({ length: n }, (_, i) => {
      const v = [0, 1, 2].map(
        (k) => 1 + 1e-9 * Math.round(5 * uniform(n, Stream.world, i, k)) + (i % 3 === k ? 0.5 : 0),
      );
      return [i, sided ? 'AB'[i % 2] : '', ...v].join(',');
    });
    return new TextEncoder().encode(['id,side,v1,v2,v3', ...rows].join('\n'));
  };
  const options = (given: Partial<MatchFileOptions>) => fileOptions({ format: 'embeddings', ...given });

  it('give the pairs that double precision gives, near ties or not', async () => {
    for (const n of [2, 3, 40, 90])
      for (const sided of [false, true]) {
        const file = nearTies(n, sided);
        const onCpu = await matchFile(
          file,
          'f',
          options({ backend: 'cpu' }),
          host(() => Promise.reject(new Error('unused'))),
        );
        const onGpu = await matchFile(
          file,
          'f',
          options({ backend: 'gpu' }),
          host(() => Promise.resolve(single())),
        );
        expect(onGpu.pairs).toEqual(onCpu.pairs);
        expect(onGpu.weight).toBe(onCpu.weight);
        expect(onGpu).toMatchObject({ backend: 'gpu', adapter: 'stand-in' });
        const exact = await matchFile(
          file,
          'f',
          options({ algorithm: 'exact' }),
          host(() => Promise.reject(new Error('unused'))),
        );
        expect(onGpu.upperBound).toBeGreaterThanOrEqual(exact.weight);
        const auction = await matchFile(
          file,
          'f',
          options({ backend: 'gpu', algorithm: 'auction' }),
          host(() => Promise.resolve(single())),
        );
        expect(auction.weight).toBeLessThanOrEqual(exact.weight * (1 + 1e-14));
        expect(auction.upperBound).toBeGreaterThanOrEqual(exact.weight);
      }
  });

  it('opens a backend for many people only, and goes on with the CPU backend', async () => {
    let opened = 0;
    const counting = host(() => {
      opened++;
      return Promise.resolve(single());
    });
    const few = nearTies(10, false);
    const many = new TextEncoder().encode(
      ['id,side,v1', ...Array.from({ length: 2001 }, (_, i) => `${i},,1`)].join('\n'),
    );
    expect((await matchFile(few, 'f', options({}), counting)).backend).toBe('cpu');
    expect(opened).toBe(0);
    expect((await matchFile(many, 'f', options({ threshold: 2 }), counting)).backend).toBe('gpu');
    const onCpu = host(() => Promise.resolve(createCpuBackend()));
    expect((await matchFile(many, 'f', options({ threshold: 2 }), onCpu)).backend).toBe('cpu');
    const broken = host(() => Promise.reject(new TypeError('bug')));
    await expect(matchFile(many, 'f', options({}), broken)).rejects.toThrow('bug');
  });

  it('refuses what single precision cannot hold', async () => {
    const file = new TextEncoder().encode('id,side,v1\n1,,1e30\n2,,1e30\n');
    await expect(
      matchFile(
        file,
        'f',
        options({ backend: 'gpu' }),
        host(() => Promise.resolve(single())),
      ),
    ).rejects.toThrow('too large for single precision');
    const onCpu = await matchFile(
      file,
      'f',
      options({}),
      host(() => Promise.resolve(single())),
    );
    expect(onCpu.weight / 1e60).toBeCloseTo(1, 12);
  });
});
