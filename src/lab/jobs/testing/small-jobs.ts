import type { SettingJob } from '../../../experiment/jobs/setting.ts';
import type { Job } from '../../../experiment/jobs/perform.ts';
import type { JobRunner, RunOptions } from '../../../experiment/jobs/runner.ts';
import { parseScenario } from '../../../scenario/parse.ts';

/** Short evenings of a tiny market. */
export function smallJobs(count: number, seconds = 10): SettingJob[] {
  const scenario = parseScenario({
    population: { people: 1000, online: 100, arrivalsPerMinute: 60 },
    policy: { scorer: 'rules' },
  });
  return Array.from({ length: count }, (_, k) => ({
    kind: 'setting',
    scenario: { ...scenario, seed: 50_000 + k },
    ...{ seconds, warmUp: 0, metrics: ['chat', 'wait'] },
  }));
}

/** All results. Closes the runner. */
export async function all(
  runner: JobRunner,
  jobs: readonly Job[],
  options?: RunOptions<object>,
): Promise<object[]> {
  const results: object[] = [];
  try {
    for await (const result of runner.run(jobs, options)) results.push(result);
  } finally {
    await runner.close();
  }
  return results;
}
