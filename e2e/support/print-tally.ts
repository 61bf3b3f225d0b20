/** Last line of `.ci/run`: real counts over all steps. No tally at all is a failure. */
import { readTally } from './tally.ts';

const all = Object.values(readTally());
const passed = all.reduce((sum, c) => sum + c.passed, 0);
const failed = all.reduce((sum, c) => sum + c.failed, all.length === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
