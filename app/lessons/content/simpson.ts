import { numbers, texts } from '../../../src/base/table.ts';
import { presetById } from '../../../src/scenario/presets.ts';
import { percent } from '../../state/format.ts';
import type { Lesson, Look } from '../format.ts';
import { cell, fact, notYet, rightIs, runTicks, secondsText, starting } from './figures.ts';

const preset = presetById('simpson-reversal')!;
const COUNTRY = 'Japan';
/** Its name in the tables. */
const CODE = 'JP';

const all = ({ tables }: Look, column: string): number =>
  cell(tables, 'slices', { dimension: 'all' }, column);

/** Share of a country among all chats under A or B. */
function shareOf({ tables }: Look, column: 'n_a' | 'n_b', slice: string): number {
  const table = tables.get('slices');
  if (table === undefined) return NaN;
  const [dimensions, slices, counts] = [
    texts(table, 'dimension'),
    texts(table, 'slice'),
    numbers(table, column),
  ];
  let [own, sum] = [0, 0];
  dimensions.forEach((dimension, row) => {
    if (dimension !== 'country') return;
    sum += counts[row];
    if (slices[row] === slice) own += counts[row];
  });
  return own / sum;
}

const reversals = ({ tables }: Look): number => {
  const table = tables.get('slices');
  return table === undefined ? 0 : numbers(table, 'reversed').filter((mark) => mark === 1).length;
};

const signed = (x: number): string => `${x < 0 ? '\u2212' : '+'}${Math.abs(x).toFixed(0)}\u202fs`;
const intervalText = (look: Look): string =>
  `Over all chats, B changes their mean length by ${signed(all(look, 'effect'))}, between ${signed(all(look, 'low'))} and ${signed(all(look, 'high'))}.`;

export const simpson: Lesson = {
  id: 5,
  title: 'Better everywhere, worse overall',
  about: 'Find the mix behind a reversal, and undo it.',
  setup: {
    scenario: { ...preset.scenario, name: 'Lesson 5: better everywhere, worse overall', seed: 50_005 },
    other: preset.other!,
    // An alarm offers to lower the threshold.
    mystery: true,
  },
  steps: [
    {
      kind: 'predict',
      title: 'Two policies, one evening',
      text: [
        'The same people live the evening twice: under policy A on the left, under policy B on the right.',
        'B predicts better. In each country, chats under B last longer.',
      ],
      question: {
        kind: 'choice',
        ask: 'What about the mean over all chats?',
        options: [
          'It is longer under B: it must be, if it is in each country.',
          'It may be longer or shorter.',
          'It is the same.',
        ],
      },
    },
    {
      kind: 'act',
      title: 'Wait for the evidence',
      text: [
        'A difference counts when its interval is clear of zero. These intervals hold at every look, so you may look all the time.',
        'Watch "Who gains, who loses?".',
      ],
      commands: [runTicks('Run until it is clear', 700, 25)],
      goal(look) {
        if (look === null) return starting;
        if (!Number.isFinite(all(look, 'low')))
          return notYet(
            look.status.time < 30
              ? `The first 30 seconds are left out. ${Math.floor(look.status.time)} have passed.`
              : 'There are too few chats for an interval yet.',
          );
        const met = all(look, 'high') < 0 && reversals(look) > 0;
        return {
          met,
          share: Math.min(1, look.tick / 350),
          says: `${intervalText(look)}${met ? ` Yet in ${COUNTRY} they are longer, beyond chance.` : ''}`,
          ...(met && {
            notes: {
              effect: all(look, 'effect'),
              share_a: shareOf(look, 'n_a', CODE),
              share_b: shareOf(look, 'n_b', CODE),
              japan_a: cell(look.tables, 'slices', { dimension: 'country', slice: CODE }, 'mean_a'),
              japan_b: cell(look.tables, 'slices', { dimension: 'country', slice: CODE }, 'mean_b'),
              mix: fact(look.tables, 'slices', 'mix_effect'),
              within: fact(look.tables, 'slices', 'within_effect'),
            },
          }),
        };
      },
    },
    {
      kind: 'see',
      title: 'Name the mix',
      text: (n) => [`All chats together: ${signed(n['effect'])} under B. Open the tab "mix".`],
      figures: (n) => [
        { label: `${COUNTRY}, share of chats under A`, value: n['share_a'], text: percent(n['share_a']) },
        { label: `${COUNTRY}, share of chats under B`, value: n['share_b'], text: percent(n['share_b']) },
      ],
      question: {
        kind: 'choice',
        ask: 'Why is the mean of all chats shorter under B?',
        options: [
          `${COUNTRY}, where chats are longest, has a smaller share of all chats.`,
          `Chats in ${COUNTRY} are shorter under B.`,
          'It is chance: the interval contains zero.',
        ],
      },
      check: rightIs(0, (n) => [
        `Yes. The share of ${COUNTRY} fell from ${percent(n['share_a'])} to ${percent(n['share_b'])}. The mix changed, and the mean with it: ${signed(n['mix'])} come from the mix, ${signed(n['within'])} from within the countries.`,
        `No. In ${COUNTRY} they went from ${secondsText(n['japan_a'])} to ${secondsText(n['japan_b'])}.`,
        'No. The whole interval lies below zero, and it holds at every look.',
      ]),
    },
    {
      kind: 'act',
      title: 'Undo it',
      text: [
        'Policy A refuses every pair below 24 points. Pairs from other countries seldom have so many, so A turns most of those people away.',
        'Let A serve the same people as B, and live the evening again.',
      ],
      knobs: [
        { path: 'policy.threshold', label: 'Threshold of A' },
        { path: 'policy.combination', label: 'Both sides, A' },
      ],
      commands: [
        { text: 'Start the evening again', run: (bench) => bench.restart() },
        runTicks('Run until it is clear', 500, 25),
      ],
      goal(look) {
        if (look === null) return starting;
        const changed = look.status.changes.length > 0;
        if (changed)
          return notYet(
            'You changed a policy in the middle of the evening. Start it again, so that it holds from the beginning.',
          );
        if (!Number.isFinite(all(look, 'low'))) return notYet('There are too few chats for an interval yet.');
        const met = all(look, 'low') > 0 && reversals(look) === 0;
        return {
          met,
          share: met ? 1 : Math.min(0.9, look.tick / 250),
          says: intervalText(look),
          ...(met && {
            notes: {
              undone: all(look, 'effect'),
              share_a2: shareOf(look, 'n_a', CODE),
              share_b2: shareOf(look, 'n_b', CODE),
            },
          }),
        };
      },
    },
    {
      kind: 'see',
      title: 'Which number is the effect?',
      text: ['Both policies now serve everybody. The countries have nearly the same shares under A and B.'],
      figures: (n) => [
        { label: `${COUNTRY}, share under A`, value: n['share_a2'], text: percent(n['share_a2']) },
        { label: `${COUNTRY}, share under B`, value: n['share_b2'], text: percent(n['share_b2']) },
      ],
      question: {
        kind: 'choice',
        ask: 'In the first evening, which number told how good B is for a person?',
        options: [
          'The difference of the two overall means.',
          'The difference within countries, at the same mix.',
          'The larger of the two.',
        ],
      },
      check: rightIs(1, (n) => [
        `No. ${signed(n['effect'])} mixes two things: longer chats for those who are served, and more people who are served.`,
        `Yes. Within countries it was ${signed(n['within'])}, and at the same mix the whole evening shows ${signed(n['undone'])}.`,
        'No. A number is not better because it is larger. Ask what it compares.',
      ]),
    },
    {
      kind: 'explain',
      title: 'Means of different crowds',
      text: [
        'This is Simpson’s paradox. A policy that decides who is served changes the crowd over which a mean is taken.',
        'Compare like with like: within groups, at the same mix. And claim a reversal only where its interval is clear of zero.',
      ],
      recall: {
        step: 0,
        says: ([chosen]) =>
          chosen === 1 ? 'You were careful: it may be either.' : 'You expected otherwise. So do most people.',
      },
    },
  ],
};
