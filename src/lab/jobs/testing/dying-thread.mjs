// A worker thread that ends while it works on a job, as often as the job says; then it answers.
import { appendFileSync, readFileSync } from 'node:fs';

export default function answer({ file, deaths }) {
  appendFileSync(file, '.');
  if (readFileSync(file, 'utf8').length <= deaths) process.exit(7);
  return { result: { starts: readFileSync(file, 'utf8').length } };
}
