/**
 * The parts of Vitest that the tests of the GPU code use. `pack.sh` bundles this file in place of
 * `vitest`, which needs its own process pool and a full node_modules.
 */
import { chai, JestChaiExpect, type ExpectStatic } from '@vitest/expect';

export { afterAll, beforeAll, describe, it, test } from '@vitest/runner';

chai.use(JestChaiExpect);
export const expect = chai.expect as unknown as ExpectStatic;
