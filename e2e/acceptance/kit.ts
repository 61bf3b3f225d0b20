import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The kit for a machine with a GPU, all parts at small sizes, on the software adapter. */
export const cases = () => [
  {
    name: 'kit for a GPU: every part on the software adapter, as on a bare machine',
    async run(): Promise<void> {
      await promisify(execFile)('bash', ['e2e/gpu/try.sh'], { maxBuffer: 2 ** 26 }).catch(
        ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) => {
          throw new Error(`${stdout}${stderr}`.split('\n').slice(-30).join('\n'));
        },
      );
    },
  },
];
