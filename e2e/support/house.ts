/**
 * `npm run house`: checks the rules of the house that no other tool checks, one line for each
 * violation.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as rules from './house-rules.ts';

const listed = ['ls-files', '--cached', '--others', '--exclude-standard', 'app', 'src', 'shaders', 'e2e'];
// A file is listed three times during a merge with conflicts.
const listedPaths = new Set(execFileSync('git', listed, { encoding: 'utf8' }).split('\n'));
const files = [...listedPaths]
  .filter((path) => path !== '' && existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const violations = Object.values(rules).flatMap((rule) => rule(files));
for (const violation of violations) console.log(violation);
if (violations.length > 0) console.log(`${violations.length} violations`);
process.exit(violations.length > 0 ? 1 : 0);
