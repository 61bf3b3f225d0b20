import type { SettingJob } from '../../../experiment/jobs/setting.ts';
import { parseScenario } from '../../../scenario/parse.ts';

/** Short evenings of a tiny market. */
export function smallJobs(count: number): SettingJob[] {
  const scenario = parseScenario({
    population: { people: 1000, online: 100, arrivalsPerMinute: 60 },
    policy: { scorer: 'rules' },
  });
  return Array.from({ length: count }, (_, k) => ({
    kind: 'setting',
    scenario: { ...scenario, seed: 50_000 + k },
    ...{ seconds: 10, warmUp: 0, metrics: ['chat', 'wait'] },
  }));
}
