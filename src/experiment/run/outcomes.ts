import { observationsOf, outcomeRules } from '../designs/outcomes.ts';
import { meanOf } from '../inference/moments.ts';
import { quantileType7 } from '../../metrics/inference/bootstrap.ts';
import type { EveningLog } from './evening-log.ts';
import type { OutcomeName } from './names.ts';
import type { ExperimentSpec } from './spec.ts';

/**
 * An outcome of everybody in one market, of what begins after the warm-up; NaN where nothing was
 * observed.
 */
export function measureEvening(
  log: EveningLog,
  name: OutcomeName,
  spec: Pick<ExperimentSpec, 'scenario' | 'warmUp'>,
): number {
  const { value } = observationsOf(log, spec, name, spec.warmUp);
  if (value.length === 0) return NaN;
  const rule = outcomeRules[name];
  return rule.of !== 'people' && rule.quantile !== undefined
    ? quantileType7([...value.sort()], rule.quantile)
    : meanOf([...value]);
}
