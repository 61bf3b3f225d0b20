import { meanOf, sum } from '../inference/moments.ts';
import { quantileType7 } from '../inference/quantiles.ts';
import { Ended, type EveningLog } from './evening-log.ts';
import type { OutcomeName } from './names.ts';

/** From which moment on, and between which lengths, things count; simulated seconds. */
export interface OutcomeLimits {
  /** Chats and waits that begin earlier are left out. */
  readonly warmUp: number;
  readonly longChatSeconds: number;
  readonly swipeSeconds: number;
}

interface Wait {
  readonly seconds: number;
  readonly ended: number;
}

/** What counts in one evening: chats by their length and waits, each shortest first. */
interface Counted extends OutcomeLimits {
  readonly people: EveningLog['people'];
  readonly chats: readonly number[];
  readonly waits: readonly Wait[];
}

interface Outcome {
  readonly label: string;
  /** '1' for shares and numbers. */
  readonly unit: 's' | '1';
  /** NaN where nothing was observed. */
  readonly measure: (counted: Counted) => number;
}

const share = <T>(items: readonly T[], isHit: (item: T) => boolean) =>
  items.filter(isHit).length / items.length;

const chatQuantile = (label: string, q: number): Outcome => ({
  ...{ label, unit: 's' },
  measure: ({ chats }) => (chats.length === 0 ? NaN : quantileType7(chats, q)),
});

/** What is measured in one market. */
export const outcomes: Readonly<Record<OutcomeName, Outcome>> = {
  chat: { label: 'mean chat length', unit: 's', measure: ({ chats }) => meanOf(chats) },
  long: {
    label: 'share of long chats',
    unit: '1',
    measure: ({ chats, longChatSeconds }) => share(chats, (seconds) => seconds > longChatSeconds),
  },
  short: {
    label: 'share of chats swiped away',
    unit: '1',
    measure: ({ chats, swipeSeconds }) => share(chats, (seconds) => seconds < swipeSeconds),
  },
  matched: {
    label: 'share of waits that end in a match',
    unit: '1',
    measure: ({ waits }) => share(waits, ({ ended }) => ended === Ended.matched),
  },
  wait: { label: 'mean wait', unit: 's', measure: ({ waits }) => survival(waits).mean },
  time: {
    label: 'time in chats per person',
    unit: 's',
    measure: ({ chats, people }) => (2 * sum(chats)) / people.count,
  },
  chats: {
    label: 'chats per person',
    unit: '1',
    measure: ({ chats, people }) => (2 * chats.length) / people.count,
  },
  returns: {
    label: 'share of leavers who return the next day',
    unit: '1',
    measure: ({ people }) =>
      share(
        [...people.returns].filter((r) => r >= 0),
        (r) => r === 1,
      ),
  },
  'chat-p10': chatQuantile('10th percentile of chat lengths', 0.1),
  'chat-p50': chatQuantile('median chat length', 0.5),
  'chat-p90': chatQuantile('90th percentile of chat lengths', 0.9),
  'wait-p90': {
    label: '90th percentile of waits',
    unit: 's',
    measure: ({ waits }) => survival(waits).quantile(0.9),
  },
};

/** The outcomes of everybody in one market. A chat counts with its final length. */
export function measureEvening(
  log: EveningLog,
  names: readonly OutcomeName[],
  limits: OutcomeLimits,
): number[] {
  const { chats, waits, people } = log;
  const from = (starts: Float64Array) => [...starts.keys()].filter((i) => starts[i] >= limits.warmUp);
  const counted: Counted = {
    ...limits,
    people,
    chats: from(chats.start)
      .map((c) => chats.seconds[c])
      .sort((x, y) => x - y),
    waits: from(waits.begin)
      .map((w) => ({ seconds: waits.seconds[w], ended: waits.ended[w] }))
      .sort((x, y) => x.seconds - y.seconds),
  };
  return names.map((name) => outcomes[name].measure(counted));
}

/**
 * Law of the waits, shortest first; those that still go on are censored (Kaplan and Meier, 1958).
 * The mean is restricted to the longest wait observed; a quantile that is not reached is NaN.
 */
function survival(waits: readonly Wait[]): { mean: number; quantile: (q: number) => number } {
  const steps: { seconds: number; left: number }[] = [];
  let left = 1;
  let mean = waits.length === 0 ? NaN : 0;
  let before = 0;
  for (let i = 0; i < waits.length;) {
    const { seconds } = waits[i];
    const atRisk = waits.length - i;
    let ended = 0;
    for (; i < waits.length && waits[i].seconds === seconds; i++)
      if (waits[i].ended !== Ended.waiting) ended++;
    mean += left * (seconds - before);
    before = seconds;
    left *= 1 - ended / atRisk;
    steps.push({ seconds, left });
  }
  return { mean, quantile: (q) => steps.find((step) => step.left <= 1 - q)?.seconds ?? NaN };
}
