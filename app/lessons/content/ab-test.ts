import { parsePolicy } from '../../../src/scenario/parse.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useUi } from '../../state/ui-store.ts';
import type { Lesson, Notes } from '../format.ts';
import { notYet, points, rightIs } from './figures.ts';

const EVENINGS = 6;
const BONUS = 1000;

/**
 * The experiment room's own engine: 6 evenings, each under A, under B, with a coin
 * per person, and as a switchback. Figures are shares of waits that end in a match.
 */
async function runExperiment(): Promise<Notes> {
  const { setAndRun } = await import('../../experiment/ExperimentRoom.tsx');
  const { policy } = useScenario.getState().scenario;
  const { evenings, truth, designs, identical } = await setAndRun({
    b: parsePolicy({ ...policy, bonus: BONUS }),
    designs: ['users', 'switchback'],
    metric: 'matched',
    settings: { online: 300, ticks: 240, seed: 50_100, evenings: EVENINGS, warm_up: 10, window: 10 },
  });
  const of = (design: 'users' | 'switchback') => {
    const { estimate, bias_low: low, bias_high: high, worse_off: worse } = designs[design]!.matched!;
    return { estimate: estimate!, low: low!, high: high!, worse: worse! };
  };
  const [users, switchback, effect] = [of('users'), of('switchback'), truth.matched!.effect!];
  return {
    ...{ evenings, identical, truth: effect, worse: users.worse },
    // The truth of every evening is known, so the bias has the interval of the mean.
    ...{ users: users.estimate, users_low: users.low + effect, users_high: users.high + effect },
    ...{
      switchback: switchback.estimate,
      switchback_low: switchback.low + effect,
      switchback_high: switchback.high + effect,
    },
  };
}

const pp = (share: number): string => `${points(share)} percentage points`;
const bar = (share: number): string => `${points(share)}\u202fpp`;

export const yourTestLies: Lesson = {
  id: 6,
  title: 'Your A/B test lies',
  about: 'Half of the people get B, in one pool. Then the truth, and the switchback.',
  setup: {
    scenario: {
      name: 'Lesson 6',
      seed: 50_100,
      population: {
        people: 3000,
        online: 600,
        arrivalsPerMinute: 140,
        dailySwing: 0,
        women: 0.25,
        genderFilter: 0.7,
      },
      behaviour: { patience: 25 },
      policy: { scorer: 'oracle', waitingBonus: 0 },
    },
  },
  steps: [
    {
      kind: 'predict',
      title: 'The same gift for everybody',
      text: [
        `Policy B adds ${BONUS.toLocaleString('en')} points to each weight of a person. If everybody has B, all pairs gain the same, so the pairs stay as they are.`,
        'An A/B test gives B to a random half of the people. They all wait in one pool.',
      ],
      question: {
        kind: 'choice',
        ask: 'What will the test say about the share of waits that end in a match?',
        options: ['No difference.', 'B is better.', 'B is worse.'],
      },
    },
    {
      kind: 'act',
      title: 'Run the test',
      text: [
        `${EVENINGS} evenings, a coin for every person. Each takes about a second and runs beside the sky, in the experiment room’s own engine.`,
      ],
      commands: [{ text: `Run ${EVENINGS} evenings`, run: runExperiment }],
      figures: (n) =>
        n['evenings'] === undefined
          ? []
          : [{ label: 'A/B test: B minus A', value: n['users'], text: bar(n['users']) }],
      goal(_look, n) {
        if (n['evenings'] === undefined) return notYet('No evening has run yet.');
        return {
          met: n['evenings'] >= EVENINGS,
          share: 1,
          says: `The test says ${pp(n['users'])}, with a 95\u202f% interval from ${points(n['users_low'])} to ${points(n['users_high'])}.`,
        };
      },
    },
    {
      kind: 'see',
      title: 'What will happen for everybody?',
      text: (n) => [
        `The test is clear: ${pp(n['users'])}. So B is given to everybody.`,
        'The same evenings run twice more: everybody under A, and everybody under B.',
      ],
      question: {
        kind: 'choice',
        ask: 'How many more waits end in a match?',
        options: ['As many as the test says.', 'About half of that.', 'None.'],
      },
      check: ([chosen], n) => ({
        right: chosen === (n['truth'] === 0 ? 2 : -1),
        says: [
          `No. The truth is ${points(n['truth'])}, and not ${points(n['users'])}.`,
          `No. The truth is ${points(n['truth'])}, and not ${points(n['users'] / 2)}.`,
          `Yes. The truth is exactly 0: in ${n['identical']} of ${n['evenings']} evenings, A and B give the same events, one by one.`,
        ][chosen],
      }),
    },
    {
      kind: 'see',
      title: 'Where did the effect come from?',
      text: ['The test was randomised well and its interval was narrow.'],
      figures: (n) => [
        { label: 'A/B test', value: n['users'], text: bar(n['users']) },
        { label: 'Truth', value: n['truth'], text: bar(n['truth']) },
      ],
      question: {
        kind: 'choice',
        ask: 'What did it measure?',
        options: [
          'Chance: with more people it would have said 0.',
          'B’s people took partners from A’s people.',
          'B’s people are more patient.',
        ],
      },
      check: rightIs(1, (n) => [
        `No. The interval ${points(n['users_low'])} to ${points(n['users_high'])} is far from 0. More people only make it narrower, around the wrong number.`,
        `Yes. A bonus for half is a place at the front of the queue. What B’s people win, A’s people lose: ${Math.round(n['worse'])} people per evening spent less time in chats than without the test.`,
        'No. A coin chose them, so they are as patient as the others.',
      ]),
    },
    {
      kind: 'see',
      title: 'A better design',
      text: ['People in one pool compete. The units of the test must not.'],
      question: {
        kind: 'choice',
        ask: 'Which design tells the truth here?',
        options: [
          'A coin per person, with ten times as many people.',
          'A coin per ten seconds: everybody has A, or everybody has B.',
          'A coin per person, and only the people of B are counted.',
        ],
      },
      check: ([chosen], n) => ({
        right: chosen === 1,
        says: [
          'No. Its error is not noise but interference, and interference does not shrink with more people.',
          `Yes. This is a switchback. In the same evenings it says ${points(n['switchback'])}, between ${points(n['switchback_low'])} and ${points(n['switchback_high'])}. ${n['switchback_low'] <= n['truth'] && n['truth'] <= n['switchback_high'] ? 'That contains the truth.' : 'Here it missed the truth, as one interval in twenty may.'}`,
          'No. Then there is nothing to compare them with.',
        ][chosen],
      }),
    },
    {
      kind: 'explain',
      title: 'One pool, one experiment',
      text: [
        'In a market, one person’s treatment changes another person’s outcome. Then a difference between two groups is not the effect of treating everybody.',
        'A switchback keeps the groups apart in time. It needs more evenings for the same certainty. The experiment room shows this price, and other designs.',
      ],
      figures: (n) => [
        { label: 'A/B test', value: n['users'], text: bar(n['users']) },
        { label: 'Switchback', value: n['switchback'], text: bar(n['switchback']) },
        { label: 'Truth', value: n['truth'], text: bar(n['truth']) },
      ],
      recall: {
        step: 0,
        says: ([chosen]) =>
          chosen === 1
            ? 'You saw the displacement coming.'
            : 'You expected otherwise: the test said that B is better.',
      },
      commands: [
        {
          text: 'Open these evenings in the experiment room',
          run: () => Promise.resolve(useUi.getState().open('experiment')),
        },
      ],
    },
  ],
};
