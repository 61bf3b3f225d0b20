import { observationsOf, outcomeRules } from '../designs/outcomes.ts';
import { meanOf } from '../inference/moments.ts';
import { quantileType7 } from '../inference/quantiles.ts';
import type { EveningLog } from './evening-log.ts';
import type { OutcomeName } from './names.ts';
import type { ExperimentSpec } from './spec.ts';

interface Outcome {
  readonly label: string;
  /** '1' for shares and numbers. */
  readonly unit: 's' | '1';
}

/** What is measured in one market. */
export const outcomes: Readonly<Record<OutcomeName, Outcome>> = {
  chat: { label: 'mean chat length', unit: 's' },
  long: { label: 'share of long chats', unit: '1' },
  short: { label: 'share of chats swiped away', unit: '1' },
  matched: { label: 'share of waits that end in a match', unit: '1' },
  wait: { label: 'mean wait', unit: 's' },
  time: { label: 'time in chats per person', unit: 's' },
  chats: { label: 'chats per person', unit: '1' },
  returns: { label: 'share of leavers who return the next day', unit: '1' },
  'chat-p10': { label: '10th percentile of chat lengths', unit: 's' },
  'chat-p50': { label: 'median chat length', unit: 's' },
  'chat-p90': { label: '90th percentile of chat lengths', unit: 's' },
  'wait-p90': { label: '90th percentile of waits', unit: 's' },
};

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
