import { marketTools } from '../../experiment/jobs/context.ts';
import {
  listEvening,
  listReport,
  type ListReport,
  type ListStudy,
} from '../../experiment/interleaving/scorer-lists.ts';
import { scorers } from '../../scenario/schema.ts';
import { defineCommand } from '../cli/command.ts';
import { choice, integer, number, UsageError } from '../cli/options.ts';
import { nodeContext } from '../jobs/node-context.ts';
import { openScenario, scaled, scaleOption, setOption, withSettings } from '../run/open-scenario.ts';

interface Answer extends ListReport {
  readonly a: string;
  readonly b: string;
  readonly alpha: number;
  readonly power: number;
}

const leave = { min: 0, max: 1 };
/** Nobody here has vectors of the user. */
const simulated = scorers.filter((name) => name !== 'vectors');

export const command = defineCommand({
  arguments: ['SCENARIO'],
  about: `Two scorers rank the candidates of everybody who waits, and a team draft interleaves both lists. A
person goes down the list; a hit is a long chat, with its true chance in this world. Nobody's list
takes a partner from somebody else's, so the comparison is of scorers, not of markets: "lab
experiment run" measures what a policy does to the pool.

The evening runs under the scenario's policy with scorer A. The answer holds the long chats per list
under A and under B, who wins the interleaved lists, and how many lists an A/B test and interleaving
need to find the difference.`,
  options: {
    a: choice(simulated, 'scorer A', 'rules'),
    b: choice(simulated, 'scorer B', 'towers'),
    evenings: integer('N', 'evenings', { min: 1, max: 1000, fallback: 4 }),
    seed: integer('S', 'seed of the first evening', { min: 0, max: 1e9, fallback: 7001 }),
    ticks: integer('T', 'ticks of an evening', { min: 1, max: 100_000, fallback: 240 }),
    'warm-up': integer('T', 'ticks before the first lists', { min: 0, max: 100_000, fallback: 60 }),
    every: integer('T', 'ticks from one set of lists to the next', { min: 1, max: 100_000, fallback: 20 }),
    length: integer('N', 'candidates in a list', { min: 1, max: 16, fallback: 6 }),
    'leave-after-click': number('P', 'chance to stop after a long chat', { ...leave, fallback: 0.5 }),
    'leave-after-no-click': number('P', 'chance to stop after another chat', { ...leave, fallback: 0.2 }),
    alpha: number('A', 'error of a two-sided test', { above: 0, max: 0.5, fallback: 0.05 }),
    power: number('P', 'chance to find the difference', { above: 0, max: 0.9999, fallback: 0.8 }),
    scale: scaleOption,
    set: setOption,
  },
  async run({ arguments: [name], options, say }): Promise<Answer> {
    const { a, b, alpha, power, evenings: count, seed: first, scale, set } = options;
    const { ticks, every, length, 'warm-up': warmUp } = options;
    const patience = {
      leaveAfterClick: options['leave-after-click'],
      leaveAfterNoClick: options['leave-after-no-click'],
    };
    const { scenario: opened, fitted } = await openScenario(name);
    if (fitted !== null)
      throw new UsageError('imported people are not supported here yet; "lab run" takes them', name);
    const scenario = scaled(withSettings(opened, set), scale, say);
    const tools = await marketTools(nodeContext(), [a, b]);
    const evenings = [];
    for (let k = 0; k < count; k++) {
      const policy = { ...scenario.policy, scorer: a };
      const study: ListStudy = {
        scenario: { ...scenario, stages: [], policy, seed: first + k },
        b: { ...policy, scorer: b },
        ...{ ticks, every, length, warmUp, patience },
      };
      evenings.push(await listEvening(study, tools));
      say(`evening ${k + 1} of ${count}`);
    }
    return { a, b, alpha, power, ...listReport(evenings, alpha, power) };
  },
  print: ({ a, b, lists, evenings, ...r }) =>
    [
      `${lists} lists of ${evenings} evening${evenings === 1 ? '' : 's'}; ${percent(r.same)} are the same under ${a} and ${b}`,
      `long chats per list: ${short(r.mean_a)} under ${a}, ${short(r.mean_b)} under ${b}; ${b} - ${a}: ${short(r.effect)}${range(r.low, r.high)}`,
      `interleaved: ${b} leads by ${short(r.lead)} per list${range(r.lead_low, r.lead_high)}; it wins ${percent(r.b_wins)} of lists, ${a} ${percent(r.a_wins)}`,
      needs(r),
    ].join('\n'),
});

type Needed = Omit<Answer, 'a' | 'b' | 'lists' | 'evenings'>;

function needs(r: Needed): string {
  if (r.times_fewer === null) return 'There is no difference to find.';
  const isSure = r.lead_low !== null && r.lead_high !== null && r.lead_low * r.lead_high > 0;
  const that = isSure ? 'To find that' : 'The difference may be chance. To find one of that size';
  return `${that} with a power of ${percent(r.power)} (alpha ${r.alpha}), an A/B test needs ${whole(r.lists_ab)} lists and interleaving ${whole(r.lists_interleaved)}: ${short(r.times_fewer)} times fewer.`;
}

const short = (x: number): string => String(Number(x.toPrecision(3)));
const percent = (x: number): string => `${short(100 * x)} %`;
const whole = (x: number | null): string => (x === null ? '-' : Math.ceil(x).toLocaleString('en'));
const range = (low: number | null, high: number | null): string =>
  low === null || high === null ? '' : ` (95 %: ${short(low)} to ${short(high)})`;
