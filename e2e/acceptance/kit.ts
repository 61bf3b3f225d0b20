import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** The kit for a machine with a GPU, all parts at small sizes, on the software adapter. */
export const cases = () => [
  {
    name: 'kit for a GPU: every part on the software adapter, as on a bare machine',
    run(): void {
      const { status, stdout, stderr } = spawnSync('bash', ['e2e/gpu/try.sh'], { encoding: 'utf8' });
      assert.equal(status, 0, `${stdout}${stderr}`.split('\n').slice(-30).join('\n'));
    },
  },
];
