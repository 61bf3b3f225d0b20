import type { Policy } from '../../scenario/schema.ts';
import type { EveningLog } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { noEstimate, type Estimate } from './estimate.ts';
import { meansByPerson } from './people.ts';
import { observationsOf } from './outcomes.ts';

const withoutSeconds: readonly Policy['scorer'][] = ['random', 'first-come', 'rules'];

/**
 * Shadow prices (Bright, Delarue and Lobel, 2025). What a person brings to a tick is the value of
 * their pair less the price of their partner: their own dual price. The estimate is the difference
 * between the arms in twice the sum of a person's dual prices over the evening: at the optimum, the
 * prices of a tick add up to the weight of its pairs, and the seconds of a chat count for both of
 * its people. So it exists for `time`, where weights are seconds that mean the same in both arms,
 * and it estimates predicted seconds.
 */
export function byShadowPrice(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (metric !== 'time') return noEstimate('prices are predicted seconds in chats, which only time measures');
  const { a, b } = spec;
  for (const { scorer } of [a, b])
    if (withoutSeconds.includes(scorer))
      return noEstimate(`the weights of the scorer ${scorer} are no seconds`);
  if (a.formula !== '' || b.formula !== '')
    return noEstimate('the weights of a formula hold other terms besides predicted seconds');
  if (a.bonus !== b.bonus || a.waitingBonus !== b.waitingBonus)
    return noEstimate('the arms have different bonuses, which prices hold besides seconds');
  const observed = observationsOf(log, spec, metric, spec.warmUp);
  const prices = new Float64Array(log.people.count);
  const { waits } = log;
  for (let k = 0; k < waits.count; k++)
    if (waits.begin[k] >= spec.warmUp) prices[waits.person[k]] += waits.price[k];
  const value = Float64Array.from(observed.person, (p) => 2 * prices[p]);
  const proof = a.matcher === 'auction' ? 'the auction' : `the certificate of ${a.matcher}`;
  return meansByPerson({ ...observed, value }, `difference in dual prices of ${proof}`);
}
