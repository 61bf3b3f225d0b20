import { expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { matchFile } from './match-file.ts';
import type { MatchFileHost, MatchFileOptions } from './match-types.ts';
import { fileOptions } from '../testing/file-options.ts';
import { Dice, fileText } from '../testing/files.ts';
import { judge, readPlainly } from '../testing/judge.ts';
import { sharedBackend } from '../../gpu/testing/open.ts';

/**
 * Files of generated vectors, matched on the GPU: no wrong pair, and greedy's pairs are the CPU's.
 */
const FILES = 150;
const backend = sharedBackend();

test(`${FILES} generated files on the GPU: no crash, no hang, no wrong pair`, async () => {
  const gpu = await backend();
  const host: MatchFileHost = {
    progress: () => undefined,
    // Opened once for all files.
    openBackend: () =>
      Promise.resolve({
        kind: gpu.kind,
        adapter: gpu.adapter,
        match: gpu.match.bind(gpu),
        sessionVectors: gpu.sessionVectors.bind(gpu),
        dispose: () => undefined,
      }),
  };
  const tally = { matched: 0, same: 0, refused: 0 };
  for (let f = 0; f < FILES; f++) {
    const dice = new Dice(50_000 + f);
    const spoil = dice.of([0, 0, 0, 0, 5]);
    const text = fileText(dice, 'embeddings', spoil);
    const algorithm = dice.of(['greedy', 'greedy', 'auction'] as const);
    const threshold = dice.below(4) === 0 ? dice.of([-2, 0.5, 1]) : 0;
    const candidates = dice.below(4) === 0 ? 1 + dice.below(5) : 16;
    const on = (backend: MatchFileOptions['backend']) => {
      const options = fileOptions({ format: 'embeddings', algorithm, threshold, candidates, backend });
      return { options, found: matchFile(new TextEncoder().encode(text), 'f', options, host) };
    };
    const where = `file ${f}: ${algorithm}, threshold ${threshold}, ${candidates} candidates:\n${text.slice(0, 400)}`;
    const { options, found: promised } = on('gpu');
    let found;
    try {
      found = await promised;
    } catch (error) {
      // Broken numbers, or too large for single precision.
      if (!(error instanceof LabError)) throw new Error(where, { cause: error });
      expect(spoil > 0 || /single precision/.test(error.message), `${where}: ${error.message}`).toBe(true);
      tally.refused++;
      continue;
    }
    expect(found.backend, where).toBe('gpu');
    try {
      judge(readPlainly(text, 'embeddings', options.goal, options.threshold), found, options);
    } catch (error) {
      throw new Error(where, { cause: error });
    }
    tally.matched++;
    if (options.algorithm !== 'greedy') continue;
    expect(found.pairs, where).toEqual((await on('cpu').found).pairs);
    tally.same++;
  }
  expect(tally.matched).toBeGreaterThan(FILES / 4);
  expect(tally.same).toBeGreaterThan(FILES / 8);
  expect(tally.refused).toBeGreaterThan(FILES / 20);
});
