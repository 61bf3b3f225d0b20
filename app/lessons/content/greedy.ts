import { solveTick } from '../../exact/client.ts';
import type { MethodRow } from '../../exact/solve.ts';
import { percent } from '../../state/format.ts';
import type { Bench, Lesson, Notes } from '../format.ts';
import { meanSince, notYet, rightIs, runSeconds, secondsSince, starting } from './figures.ts';

const TICKS = 3;
const numbered = Array.from({ length: TICKS }, (_, k) => k + 1);
const gapOf = (notes: Notes, k: number): number => notes[`gap_${k}`];
const solvedIn = (notes: Notes): number => numbered.filter((k) => gapOf(notes, k) !== undefined).length;
const meanGap = (notes: Notes): number => numbered.reduce((sum, k) => sum + gapOf(notes, k), 0) / TICKS;

/** Ends of the ranges that are asked for, shares. */
const LITTLE = 0.002;
const MUCH = 0.12;

/** Solves a tick that was not solved before. */
async function solveOne(bench: Bench, notes: Notes): Promise<Notes> {
  const solved = solvedIn(notes);
  const known = numbered.map((k) => notes[`tick_${k}`]);
  let captured = await bench.capture();
  while (known.includes(captured.tick) || captured.pool.n < 20) {
    await bench.run(5);
    captured = await bench.capture();
  }
  const rows: MethodRow[] = [];
  await solveTick(captured, { row: (row) => rows.push(row), step: () => undefined }).done;
  const total = (method: MethodRow['method']) => rows.find((row) => row.method === method)?.total ?? NaN;
  const k = Math.min(TICKS, solved + 1);
  return {
    [`tick_${k}`]: captured.tick,
    [`people_${k}`]: captured.pool.n,
    [`gap_${k}`]: 1 - total('greedy') / total('exact'),
  };
}

export const greedyIsNotBest: Lesson = {
  id: 2,
  title: 'Greedy is not best',
  about: 'Guess the gap, solve three ticks exactly, and switch to the auction.',
  setup: {
    scenario: {
      name: 'Lesson 2: greedy is not best',
      seed: 50_012,
      population: { size: 1 },
      policy: { matcher: 'greedy', waitingBonus: 0 },
    },
  },
  steps: [
    {
      kind: 'predict',
      title: 'Take the best pair first',
      text: [
        'The matcher is greedy. It takes the best pair, then the best pair of those who are left, and so on.',
        'It sounds perfect. The best possible matching is the one with the largest sum over all pairs.',
      ],
      question: {
        kind: 'choice',
        ask: 'How much of the best possible sum does greedy lose?',
        options: ['Nothing.', 'A few percent.', 'About a third.', 'More than half.'],
      },
    },
    {
      kind: 'act',
      title: 'Solve three ticks exactly',
      text: [
        'An exact algorithm finds the best matching of a tick. It is too slow for a service, and quick enough for three ticks.',
      ],
      commands: [{ text: 'Solve this tick exactly', run: solveOne }],
      figures: (n) =>
        numbered
          .filter((k) => gapOf(n, k) !== undefined)
          .map((k) => ({
            label: `Tick ${n[`tick_${k}`]}, ${n[`people_${k}`]} people`,
            value: 1 - gapOf(n, k),
            text: percent(1 - gapOf(n, k)),
          })),
      goal(look, n) {
        const solved = solvedIn(n);
        const says = `${solved} of ${TICKS} ticks are solved.`;
        if (solved < TICKS) return notYet(says, solved / TICKS);
        if (look === null) return notYet(says, 1);
        const bound = meanSince(look.tables.get('quality-series'), 'gap', 0);
        return { met: true, share: 1, says, notes: { bound_greedy: bound } };
      },
    },
    {
      kind: 'see',
      title: 'Read the gap',
      text: ['Each bar is the share of the best possible sum that greedy reached in a tick.'],
      figures: (n) =>
        numbered.map((k) => ({
          label: `Tick ${n[`tick_${k}`]}`,
          value: 1 - gapOf(n, k),
          text: percent(1 - gapOf(n, k)),
        })),
      question: {
        kind: 'choice',
        ask: 'How far was greedy from the best, on average?',
        options: ['Less than 0.2 %', 'Between 0.2 % and 12 %', 'More than 12 %'],
      },
      check([chosen], n) {
        const gap = meanGap(n);
        const right = gap < LITTLE ? 0 : gap < MUCH ? 1 : 2;
        const says = `The mean gap of the three ticks is ${percent(gap)}.`;
        return { right: chosen === right, says: `${chosen === right ? 'Yes.' : 'No.'} ${says}` };
      },
    },
    {
      kind: 'act',
      title: 'Switch to the auction',
      text: [
        'In the auction, people bid for partners, and prices rise where several want the same one. Its prices prove how far a tick can be from the best.',
      ],
      knobs: [{ path: 'policy.matcher' }],
      commands: [
        { text: 'Use the auction', run: (bench) => Promise.resolve(bench.set('policy.matcher', 'auction')) },
        runSeconds('Run ten seconds', 10),
      ],
      goal(look, n) {
        if (look === null) return starting;
        const { main, time } = look.status;
        if (main.policy.matcher !== 'auction') return notYet(`The matcher is still ${main.policy.matcher}.`);
        const since = secondsSince(look, 'matcher');
        if (since < 10) return notYet(`${Math.floor(since)} of 10 seconds have passed.`, since / 10);
        const bound = meanSince(look.tables.get('quality-series'), 'gap', time - since + 0.5);
        return {
          met: bound < n['bound_greedy'],
          share: 1,
          says: `Under the auction, a tick is at most ${percent(bound)} from the best. Under greedy, it was at most ${percent(n['bound_greedy'])}.`,
          notes: { bound_auction: bound },
        };
      },
    },
    {
      kind: 'see',
      title: 'What does the auction know?',
      text: ['Both matchers read the same predictions of the same people.'],
      figures: (n) => [
        { label: 'Greedy, at most', value: n['bound_greedy'], text: percent(n['bound_greedy']) },
        { label: 'Auction, at most', value: n['bound_auction'], text: percent(n['bound_auction']) },
      ],
      question: {
        kind: 'choice',
        ask: 'Why does the auction come closer to the best?',
        options: [
          'It waits until more people have come.',
          'It predicts each pair more precisely.',
          'Its prices show when somebody else needs a partner more.',
        ],
      },
      check: rightIs(2, () => [
        'No. The tick is as long as before, and so is the pool.',
        'No. The scorer predicts, and it has not changed. The matcher only chooses pairs.',
        'Yes. Greedy takes a partner for a small gain and leaves a large loss to somebody else. A price makes that loss visible.',
      ]),
    },
    {
      kind: 'explain',
      title: 'Good, proven, best',
      text: (n) => [
        `Greedy lost ${percent(meanGap(n))} on average. It can never lose more than half, and with many people to choose from it loses little.`,
        'A service seldom knows the best matching. A certificate is enough: prices prove an upper bound in every tick, and the figure "gap to the best possible" shows it.',
      ],
      recall: {
        step: 0,
        says: ([chosen]) => (chosen === 1 ? 'You guessed it.' : 'You guessed otherwise.'),
      },
    },
  ],
};
