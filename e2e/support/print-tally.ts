/**
 * Prints the last line of `.ci/run`: the counts of all steps. A missing tally counts as a failure.
 */
import { readTally } from './tally.ts';

const all = Object.values(readTally());
const passed = all.reduce((sum, c) => sum + c.passed, 0);
const failed = all.reduce((sum, c) => sum + c.failed, all.length === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
