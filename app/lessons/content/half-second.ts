import { count, percent } from '../../state/format.ts';
import type { Lesson } from '../format.ts';
import {
  fact,
  meanSince,
  notYet,
  rightIs,
  runSeconds,
  secondsText,
  secondsSince,
  starting,
} from './figures.ts';

/** Figures of the last minute are those of one tick length once it has run for so long, seconds. */
const FULL_MINUTE = 61;
const LONG_TICK_MS = 3000;

export const halfSecond: Lesson = {
  id: 1,
  title: 'The half second',
  about: 'Longer ticks give more choice and longer waits.',
  setup: {
    scenario: { name: 'Lesson 1: the half second', seed: 50_002, population: { size: 0.4 } },
  },
  steps: [
    {
      kind: 'predict',
      title: 'Why half a second?',
      text: [
        'Everyone who waits is paired at the next tick. Between two ticks, people gather. Here a tick comes every half second.',
        'Suppose the service waits four seconds instead.',
      ],
      question: {
        kind: 'choice',
        ask: 'What happens with a tick every four seconds?',
        options: [
          'Chats get longer, and waits get longer.',
          'Chats get longer, and waits stay as they are.',
          'Only the waits get longer.',
        ],
      },
    },
    {
      kind: 'act',
      title: 'Measure the half second',
      text: ['Let the evening run for a minute as it is.'],
      commands: [runSeconds('Run one minute', 60)],
      goal(look) {
        if (look === null) return starting;
        const { time, main } = look.status;
        if (main.policy.tickMs !== 500) return notYet('Set the tick back to 500\u202fms first.');
        if (time < 60) return notYet(`${Math.floor(time)} of 60 seconds have passed.`, time / 60);
        return {
          met: true,
          share: 1,
          says: `The median wait is ${secondsText(main.medianWait)}. A chat that began in the last minute lasts ${secondsText(main.meanChat)} on average.`,
          notes: {
            half_chat: main.meanChat,
            half_wait: main.medianWait,
            half_waiting: meanSince(look.tables.get('supply-series'), 'waiting_all', 10),
          },
        };
      },
    },
    {
      kind: 'act',
      title: 'Now wait for four seconds',
      text: ['Make the tick longer, and let it run for a minute.'],
      knobs: [{ path: 'policy.tickMs' }],
      commands: [
        { text: 'Set the tick to 4 s', run: (bench) => Promise.resolve(bench.set('policy.tickMs', 4000)) },
        runSeconds('Run one minute', 65),
      ],
      goal(look, notes) {
        if (look === null) return starting;
        const { main, time } = look.status;
        if (main.policy.tickMs < LONG_TICK_MS)
          return notYet(`The tick is ${secondsText(main.policy.tickMs / 1000)}. Set it to 4\u202fs.`);
        const since = secondsSince(look, 'tickMs');
        if (since < FULL_MINUTE)
          return notYet(
            `${Math.floor(since)} of 60 seconds have passed with the long tick.`,
            since / FULL_MINUTE,
          );
        const met = main.meanChat > notes['half_chat'] && main.medianWait > notes['half_wait'];
        return {
          met,
          share: 1,
          says: `The median wait is ${secondsText(main.medianWait)}, and a chat lasts ${secondsText(main.meanChat)} on average.`,
          ...(met && {
            notes: {
              long_chat: main.meanChat,
              long_wait: main.medianWait,
              long_tick: main.policy.tickMs / 1000,
              long_waiting: meanSince(look.tables.get('supply-series'), 'waiting_all', time - 55),
              gave_up: fact(look.tables, 'waits', 'gave_up_share'),
            },
          }),
        };
      },
    },
    {
      kind: 'see',
      title: 'What did the seconds buy?',
      text: ['The same people, the same scorer, the same matcher. Only the tick has changed.'],
      figures: (n) => [
        { label: 'Chat, half a second', value: n['half_chat'], text: secondsText(n['half_chat']) },
        {
          label: `Chat, ${secondsText(n['long_tick'])}`,
          value: n['long_chat'],
          text: secondsText(n['long_chat']),
        },
        { label: 'Wait, half a second', value: n['half_wait'], text: secondsText(n['half_wait']) },
        {
          label: `Wait, ${secondsText(n['long_tick'])}`,
          value: n['long_wait'],
          text: secondsText(n['long_wait']),
        },
      ],
      question: {
        kind: 'choice',
        ask: 'Why do the chats last longer?',
        options: [
          'The impatient give up, and only patient people chat.',
          'More people wait at each tick, so everyone has more partners to choose from.',
          'The scorer has more time, so it predicts better.',
        ],
      },
      check: rightIs(1, (n) => [
        `No. Only ${percent(n['gave_up'])} of all waits were given up.`,
        `Yes. At each tick, ${count(n['long_waiting'])} people waited instead of ${count(n['half_waiting'])}. Among more people there are better partners.`,
        'No. The scorer is the same, and a tick needs only milliseconds of computing. The instrument "How long does a tick take?" shows it.',
      ]),
    },
    {
      kind: 'explain',
      title: 'Choice costs time',
      text: (n) => [
        `A longer tick makes the market thicker. Chats went from ${secondsText(n['half_chat'])} to ${secondsText(n['long_chat'])}, and the median wait from ${secondsText(n['half_wait'])} to ${secondsText(n['long_wait'])}.`,
        'There is no right answer, only a trade. A service that promises a partner at once pays for it with its matches. A half second is short enough that nobody notices it.',
      ],
      recall: {
        step: 0,
        says: ([chosen]) =>
          chosen === 0
            ? 'You predicted both.'
            : 'You predicted otherwise: both the chats and the waits grew.',
      },
    },
  ],
};
