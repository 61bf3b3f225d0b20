import { TICK_BUDGET_MS } from '../../../src/scenario/scale.ts';
import { percent } from '../../state/format.ts';
import { slowMachine } from '../../engine/drill/slow-machine.ts';
import type { Lesson, Look } from '../format.ts';
import { cell, meanSince, msText, notYet, rightIs, runTicks, starting } from './figures.ts';

/** Ticks that the 99.9th percentile needs. */
const TICKS = 1000;
const SMALL = 0.05;
const MANY_TICKS = 300;

const tickTime = ({ tables }: Look, column: string): number =>
  cell(tables, 'latency', { stage: 'tick' }, column);
const people = (look: Look): number => meanSince(look.tables.get('supply-series'), 'waiting_all', 20);

const counted = (look: Look) => notYet(`${look.tick} of ${TICKS} ticks are measured.`, look.tick / TICKS);

export const theTail: Lesson = {
  id: 8,
  title: 'The tail',
  about: 'Grow the pool until the slowest ticks are too slow, and count them honestly.',
  setup: {
    scenario: { name: 'Lesson 8', seed: 50_015, population: { size: SMALL } },
    machine: 'slow',
  },
  steps: [
    {
      kind: 'predict',
      title: 'A hundred milliseconds',
      text: [
        `A tick may take ${TICK_BUDGET_MS}\u202fms. It compares everyone with everyone.`,
        `This lesson measures a simulated machine, so that it ends alike on yours: ${slowMachine.msPerPair * 1000}\u202fµs for each pair, and every ${slowMachine.stallEvery}th tick takes ${slowMachine.stallTimes} times as long, as when memory is cleaned up.`,
      ],
      question: {
        kind: 'choice',
        ask: 'Twice as many people wait. How long does a tick take?',
        options: ['As long as before.', 'Twice as long.', 'Four times as long.'],
      },
    },
    {
      kind: 'act',
      title: 'A small pool',
      text: [
        'The 99.9th percentile, p99.9, is the time that one tick in a thousand exceeds. It needs a thousand ticks.',
      ],
      commands: [runTicks('Run 1,000 ticks', 1010, 100)],
      goal(look) {
        if (look === null) return starting;
        if (look.scenario.population.size > 2 * SMALL)
          return notYet('Start with the small pool: set the size back to 5\u202f%.');
        const tail = tickTime(look, 'p999_ms');
        if (!Number.isFinite(tail)) return counted(look);
        return {
          met: tail < TICK_BUDGET_MS,
          share: 1,
          says: `p99.9 is ${msText(tail)}, so the budget holds.`,
          notes: { small: tail, small_median: tickTime(look, 'p50_ms'), small_people: people(look) },
        };
      },
    },
    {
      kind: 'act',
      title: 'Grow it',
      text: [
        `Let more people in until p99.9 is above ${TICK_BUDGET_MS}\u202fms. The evening starts again with each change.`,
      ],
      knobs: [{ path: 'population.size' }],
      commands: [runTicks('Run 1,000 ticks', 1010, 100)],
      figures: (n) => [
        {
          label: `p99.9, ${Math.round(n['small_people'])} people wait`,
          value: n['small'],
          text: msText(n['small']),
        },
        ...(n['grown'] === undefined
          ? []
          : [
              {
                label: `p99.9, ${Math.round(n['grown_people'])} people wait`,
                value: n['grown'],
                text: msText(n['grown']),
              },
            ]),
      ],
      goal(look, n) {
        if (look === null) return starting;
        const tail = tickTime(look, 'p999_ms');
        if (!Number.isFinite(tail)) return counted(look);
        const met = tail > TICK_BUDGET_MS && people(look) > n['small_people'];
        return {
          met,
          share: Math.min(1, tail / TICK_BUDGET_MS),
          says: `p99.9 is ${msText(tail)} at a size of ${percent(look.scenario.population.size)}${met ? '.' : ': below the budget. Let more people in.'}`,
          ...(met && {
            notes: { grown: tail, grown_median: tickTime(look, 'p50_ms'), grown_people: people(look) },
          }),
        };
      },
    },
    {
      kind: 'see',
      title: 'Median and tail',
      text: (n) => [
        `The median tick takes ${msText(n['grown_median'])}, far below the budget. The slowest ticks do not.`,
      ],
      question: {
        kind: 'choice',
        ask: 'A service promises: nobody waits longer than a tick because of us. Which figure must hold the budget?',
        options: ['The median.', 'The mean.', 'A high percentile, such as p99.9.'],
      },
      check: rightIs(2, (n) => [
        `No. Half of the ticks may be slower than the median of ${msText(n['grown_median'])}.`,
        'No. Many quick ticks hide a few slow ones in a mean.',
        `Yes. There are two ticks a second, so one in a thousand comes every eight minutes, and it makes everybody wait.`,
      ]),
    },
    {
      kind: 'act',
      title: 'Raw against corrected',
      text: [
        'Now let everyone in, and run three minutes. Compare two ways to count, in the tab "tail": raw counts each tick once. Corrected also counts the ticks that were due while a slow one ran.',
      ],
      knobs: [{ path: 'population.size' }],
      commands: [
        { text: 'Let everyone in', run: (bench) => Promise.resolve(bench.set('population.size', 1)) },
        runTicks('Run 400 ticks', 400, 50),
      ],
      figures: (n) =>
        n['raw'] === undefined
          ? []
          : [
              { label: 'p99, raw', value: n['raw'], text: msText(n['raw']) },
              { label: 'p99, corrected', value: n['corrected'], text: msText(n['corrected']) },
            ],
      goal(look) {
        if (look === null) return starting;
        const { size } = look.scenario.population;
        if (size < 1) return notYet(`The size is ${percent(size)}. Set it to 100\u202f%.`);
        const [raw, corrected] = [tickTime(look, 'raw_p99_ms'), tickTime(look, 'p99_ms')];
        const met = look.tick >= MANY_TICKS && corrected > 2 * raw;
        return {
          met,
          share: Math.min(1, look.tick / MANY_TICKS),
          says: `p99 is ${msText(raw)} raw and ${msText(corrected)} corrected, after ${look.tick} ticks.`,
          notes: { raw, corrected, longest: tickTime(look, 'max_ms') },
        };
      },
    },
    {
      kind: 'see',
      title: 'Who was late?',
      text: (n) => [`The slowest tick took ${msText(n['longest'])}. A tick is due every half second.`],
      figures: (n) => [
        { label: 'p99, raw', value: n['raw'], text: msText(n['raw']) },
        { label: 'p99, corrected', value: n['corrected'], text: msText(n['corrected']) },
      ],
      question: {
        kind: 'choice',
        ask: 'How many ticks did it make late?',
        options: [
          'One: itself.',
          'All that were due while it ran.',
          'None: the next tick started when it was done.',
        ],
      },
      check: rightIs(1, (n) => [
        'No. Nobody was paired in that time. The ticks that could not begin count as well.',
        `Yes. About ${Math.floor(n['longest'] / 500)} ticks were due. Raw counts one of them, and so says ${msText(n['raw'])} where people saw ${msText(n['corrected'])}.`,
        'No. It started late, and whoever waited for it waited longer.',
      ]),
    },
    {
      kind: 'explain',
      title: 'Coordinated omission',
      text: [
        'A slow tick holds back the measurements that would have shown it. Gil Tene calls this coordinated omission. It makes tails look good exactly when they are bad.',
        'So this laboratory shows both: the corrected percentiles, and the raw ones beside them.',
      ],
      recall: {
        step: 0,
        says: ([chosen]) =>
          chosen === 2
            ? 'You predicted it: four times as many pairs take four times as long.'
            : 'You predicted otherwise: twice as many people have four times as many pairs.',
      },
    },
  ],
};
