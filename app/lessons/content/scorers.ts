import { numbers } from '../../../src/base/table.ts';
import type { Policy, ScenarioInput } from '../../../src/scenario/schema.ts';
import type { LessonAnswer, Bench, Lesson, Look, Notes, Question } from '../format.ts';
import { notYet, secondsText } from './figures.ts';

const scorers = [
  { value: 'oracle', name: 'Oracle', about: 'the ground truth itself' },
  { value: 'random', name: 'Random', about: 'a random number' },
  { value: 'towers', name: 'Towers', about: 'two small networks' },
  { value: 'rules', name: 'Rules', about: 'points for what two people share' },
  { value: 'cupid', name: 'CUPID', about: 'a transformer over the evening' },
] as const satisfies readonly { value: Policy['scorer']; name: string; about: string }[];

const TICKS = 100;
/** Two means closer than this many standard errors of their difference may be in either order. */
const APART = 3;
const NORMAL_95 = 1.96;
const TENTHS = 10;

const evening = (scorer: Policy['scorer']) =>
  ({
    name: 'Lesson 7: does the scorer know?',
    seed: 50_008,
    population: { size: 0.3 },
    policy: { scorer, tickMs: 2000 },
  }) satisfies ScenarioInput;

/** Mean length of all chats with its standard error, from the tenths of the calibration. */
function chatsOf(look: Look): { mean: number; error: number } | null {
  const table = look.tables.get('calibration');
  if (table === undefined || table.rows === 0) return null;
  const [real, low, high, count] = ['real_s', 'low', 'high', 'count'].map((name) => numbers(table, name));
  const total = count.reduce((sum, n) => sum + n, 0);
  let [mean, variance] = [0, 0];
  for (let row = 0; row < table.rows; row++) {
    const share = count[row] / total;
    mean += share * real[row];
    variance += (share * ((high[row] - low[row]) / (2 * NORMAL_95))) ** 2;
  }
  return { mean, error: Math.sqrt(variance) };
}

/** The five scorers in the same evening, one after the other. CUPID is last and stays on. */
async function playAll(bench: Bench): Promise<void> {
  for (const { value } of [...scorers].sort((x) => (x.value === 'cupid' ? 1 : -1))) {
    await bench.open(evening(value));
    await bench.run(TICKS, 40);
    const look = await bench.look();
    const chats = look === null ? null : chatsOf(look);
    if (look === null || chats === null) throw new Error('The evening ended early. Play the scorers again.');
    bench.note({
      [`mean_${value}`]: chats.mean,
      [`error_${value}`]: chats.error,
      ...(value === 'cupid' && tenthsOf(look)),
    });
  }
}

/** Predicted and real length by tenth of prediction, and whether they differ beyond chance. */
function tenthsOf({ tables }: Look): Notes {
  const table = tables.get('calibration')!;
  return Object.fromEntries(
    ['predicted', 'real_s', 'low', 'high', 'off'].flatMap((name) =>
      [...numbers(table, name)].map((value, k) => [`${name}_${k + 1}`, value]),
    ),
  );
}

const measured = (n: Notes): number => scorers.filter(({ value }) => n[`mean_${value}`] !== undefined).length;

const question: Question = {
  kind: 'order',
  ask: 'Order the scorers by the real length of their chats, the shortest first.',
  options: scorers.map(({ name, about }) => `${name}: ${about}`),
};

/** Whether an order fits the means; two that chance cannot tell apart fit in either order. */
function checkOrder(order: LessonAnswer, n: Notes) {
  const places = order.map((k) => scorers[k]);
  const of = (what: string, { value }: (typeof places)[number]) => n[`${what}_${value}`];
  for (let first = 0; first < places.length; first++)
    for (let second = first + 1; second < places.length; second++) {
      const [x, y] = [places[first], places[second]];
      const error = Math.hypot(of('error', x), of('error', y));
      if (of('mean', x) - of('mean', y) > APART * error)
        return {
          right: false,
          says: `No. Chats under ${x.name} last ${secondsText(of('mean', x))}, and under ${y.name} ${secondsText(of('mean', y))}.`,
        };
    }
  return {
    right: true,
    says: 'Yes. Where the means are within chance of each other, as for Towers and CUPID, either order is right.',
  };
}

export const doesTheScorerKnow: Lesson = {
  id: 7,
  title: 'Does the scorer know?',
  about: 'Order five scorers by real chat length, and find a tenth that promises too much.',
  // CUPID is the last that is played, and the one that is looked at.
  setup: { scenario: evening('cupid') },
  steps: [
    {
      kind: 'predict',
      title: 'Five scorers',
      text: [
        'A scorer predicts how long two people would talk. The matcher believes it. How long they really talk is another matter.',
      ],
      question,
    },
    {
      kind: 'act',
      title: 'Play them',
      text: ['The same people live the same three minutes under each of the five.'],
      commands: [{ text: 'Play all five', run: playAll }],
      figures: (n) =>
        scorers
          .filter(({ value }) => n[`mean_${value}`] !== undefined)
          .map(({ value, name }) => ({
            label: name,
            value: n[`mean_${value}`],
            text: secondsText(n[`mean_${value}`]),
          })),
      goal(_look, n) {
        const done = measured(n);
        const says = `${done} of ${scorers.length} scorers have been played.`;
        return done < scorers.length ? notYet(says, done / scorers.length) : { met: true, share: 1, says };
      },
    },
    {
      kind: 'see',
      title: 'Order them again',
      text: ['The bars are the mean real length of the chats, in seconds.'],
      figures: (n) =>
        scorers.map(({ value, name }) => ({
          label: name,
          value: n[`mean_${value}`],
          text: `${n[`mean_${value}`].toFixed(1)} \u00b1 ${(NORMAL_95 * n[`error_${value}`]).toFixed(1)}\u202fs`,
        })),
      question,
      check: checkOrder,
    },
    {
      kind: 'see',
      title: 'Find the broken promise',
      text: [
        'CUPID is running. The instrument "Does the scorer know?" sorts its predictions into ten equal groups, and holds each against the real chats.',
        'A good order is not enough: a service that plans with seconds needs seconds that are true.',
      ],
      figures: (n) =>
        Array.from({ length: TENTHS }, (_, k) => k + 1)
          .filter((k) => n[`predicted_${k}`] !== undefined)
          .map((k) => ({
            label: `Tenth ${k}`,
            value: n[`predicted_${k}`],
            text: `says ${Math.round(n[`predicted_${k}`])}\u202fs, is ${Math.round(n[`low_${k}`])} to ${Math.round(n[`high_${k}`])}`,
          })),
      question: {
        kind: 'choice',
        ask: 'Which tenth is off by more than chance?',
        options: [...Array.from({ length: TENTHS }, (_, k) => `Tenth ${k + 1}`), 'None of them'],
      },
      check([chosen], n) {
        const k = chosen + 1;
        const anyOff = Array.from({ length: TENTHS }, (_, t) => n[`off_${t + 1}`]).includes(1);
        if (k > TENTHS)
          return anyOff
            ? { right: false, says: 'No. At least one prediction lies far outside of its interval.' }
            : { right: true, says: 'Yes. Each is within chance, corrected for ten looks.' };
        const off = n[`off_${k}`] === 1;
        const both = `It predicted ${secondsText(n[`predicted_${k}`])}, and the chats lasted ${secondsText(n[`real_s_${k}`])} (95\u202f%: ${Math.round(n[`low_${k}`])} to ${Math.round(n[`high_${k}`])}\u202fs).`;
        return {
          right: off,
          says: off ? `Yes. ${both}` : `No. ${both} With ten tenths to look at, this may be chance.`,
        };
      },
    },
    {
      kind: 'explain',
      title: 'Order and level',
      text: [
        'A scorer has two virtues: it orders pairs well, and its level is true. A matcher needs only the first.',
        'A matcher takes the pairs that look best. A prediction that is too high by chance is taken more often than one that is too low, so the top tenth is where to look first.',
      ],
      recall: {
        step: 0,
        says: (order, n) =>
          checkOrder(order, n).right ? 'Your first order was right.' : 'Your first order was another one.',
      },
    },
  ],
};
