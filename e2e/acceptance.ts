/**
 * `npm run acceptance [DATA FOLDER]`: results on outside data, against figures that were published
 * or computed elsewhere, and inputs from public bug reports. The folder is not part of the
 * repository; without it there is nothing to check. A wrong result fails.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { cases as datingCases } from './acceptance/dating.ts';
import { cases as experimentCases } from './acceptance/experiments.ts';
import { cases as importCases } from './acceptance/import.ts';
import { cases as kitCases } from './acceptance/kit.ts';
import { cases as liveCases } from './acceptance/live.ts';
import { cases as matchCases } from './acceptance/match.ts';
import { cases as reportCases } from './acceptance/reports.ts';
import { cases as roleCases } from './acceptance/roles.ts';
import { cases as slicesCases } from './acceptance/slices.ts';
import { writeTally } from './support/tally.ts';

const folder = resolve(process.argv[2] ?? process.env['HALFSECOND_DATA'] ?? '../shared/data');
if (!existsSync(folder)) {
  console.log(`acceptance: no outside data at ${folder}; nothing to check`);
  process.exit(0);
}
let passed = 0;
let failed = 0;
for (const check of [
  ...matchCases(folder),
  ...slicesCases(folder),
  ...reportCases(folder),
  ...importCases(folder),
  ...datingCases(folder),
  ...experimentCases(folder),
  ...roleCases(folder),
  ...liveCases(folder),
  ...kitCases(),
]) {
  const { name } = check;
  try {
    await check.run();
    passed++;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n     ${error instanceof Error ? error.message : String(error)}`);
  }
}
writeTally('acceptance', { passed, failed });
console.log(`acceptance: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
