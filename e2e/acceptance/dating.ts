import assert from 'node:assert/strict';
import { join } from 'node:path';
import { command } from '../../src/lab/evaluate/evaluate-speed-dating.ts';

/** Reciprocal taste in real data: better than strictness plus popularity. */
export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  return [
    {
      name: 'speed dating: above the additive baseline (.82 and .77) on both areas, above a coin on unseen waves',
      async run() {
        const files = ['speed-dating-a-users.csv', 'speed-dating-a-dates.csv'].map((f) =>
          join(dataFolder, f),
        );
        const { model, additive, intervals } = await command.run(files);
        // Measured elsewhere on folds of their own; ours differ by half a standard error.
        assert.ok(Math.abs(additive.decision - 0.82) < 0.01, `additive decision ${additive.decision}`);
        assert.ok(Math.abs(additive.mutual - 0.77) < 0.01, `additive mutual ${additive.mutual}`);
        for (const figure of ['decision', 'mutual'] as const) {
          assert.ok(
            model[figure] > additive[figure],
            `${figure}: ${model[figure]} against ${additive[figure]} of the additive baseline`,
          );
          assert.ok(intervals.above[figure].low > 0, `${figure} is not beyond the interval`);
          assert.ok(intervals.unseenWaves[figure].low > 0.5, `${figure} of unseen waves is not above a coin`);
        }
      },
    },
  ];
}
