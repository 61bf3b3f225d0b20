import { count } from '../../state/format.ts';
import type { Lesson, Look, SeeStep } from '../format.ts';
import { cell, fact, meanSince, msText, notYet, runSeconds, secondsText, starting } from './figures.ts';

/** Simulated seconds after which the outage begins. */
const BREAKS_AT = 60;
const TIMES = 10;
/** The pool has recovered below so many times its usual size. */
const DRAINED = 3;

/** In the order of the page. */
const instruments = [
  'Who waits for whom?',
  'How long does a tick take?',
  'Who gains, who loses?',
  'Does the scorer know?',
] as const;

const usual = ({ tables }: Look): number =>
  meanSince(tables.get('supply-series'), 'waiting_all', 20, BREAKS_AT);

/** A step about one suspect: which instrument clears it? */
function suspect(
  title: string,
  charge: string,
  right: number,
  replies: (notes: Parameters<SeeStep['check']>[1]) => readonly [string, string, string, string],
): SeeStep {
  return {
    kind: 'see',
    title,
    text: [charge],
    question: { kind: 'choice', ask: 'Which instrument clears this suspect?', options: instruments },
    check: ([chosen], notes) => ({ right: chosen === right, says: replies(notes)[chosen] }),
  };
}

const gains = 'No. This instrument compares two policies, and tonight there is one.';

export const whatBroke: Lesson = {
  id: 4,
  title: 'What broke?',
  about: 'An outage without a one-click cure. Clear the suspects with the instruments.',
  setup: {
    scenario: {
      name: 'Lesson 4',
      seed: 50_013,
      population: { size: 0.5, people: 12_000, online: 900, arrivalsPerMinute: 180 },
      behaviour: { patience: 240 },
      policy: { waitingBonus: 0 },
      stages: [{ atSeconds: BREAKS_AT, policy: { threshold: 1_000 } }],
    },
    mystery: true,
  },
  steps: [
    {
      kind: 'predict',
      title: 'A quiet evening',
      text: [
        'Few people wait, and everyone finds a partner at once. In a minute, something will break.',
        'Alarms are off in this lesson, and the time line keeps silent.',
      ],
      question: {
        kind: 'choice',
        ask: 'When ten times as many people wait as usual, what do you suspect first?',
        options: [
          'The machine is too slow.',
          'One gender stays away.',
          'The scorer has gone wrong.',
          'Somebody changed a setting.',
        ],
      },
    },
    {
      kind: 'act',
      title: 'Let it break',
      text: ['Run until the pool is ten times as large as usual.'],
      commands: [runSeconds('Run three minutes', 180)],
      goal(look) {
        if (look === null) return starting;
        const { main, time } = look.status;
        const normal = usual(look);
        const share = Math.min(1, main.waiting / (TIMES * normal));
        const says = `${count(main.waiting)} people wait. Usually there are ${count(normal)}.`;
        if (!(time > BREAKS_AT && share === 1)) return notYet(says, time > BREAKS_AT ? share : 0);
        const gender = (segment: string, column: string) =>
          cell(look.tables, 'segment-price', { dimension: 'gender', segment }, column);
        return {
          met: true,
          share: 1,
          says,
          notes: {
            normal,
            waiting: main.waiting,
            per_second: main.matchesPerSecond,
            tick: cell(look.tables, 'latency', { stage: 'tick' }, 'p50_ms'),
            women: gender('women', 'supply'),
            women_demand: gender('women', 'demand'),
            men: gender('men', 'supply'),
            error: fact(look.tables, 'calibration', 'mean_error_s'),
            chat: meanSince(look.tables.get('quality-series'), 'real_s', 0, BREAKS_AT),
          },
        };
      },
    },
    suspect(
      'First suspect: the machine',
      'Perhaps ticks take so long that nobody is paired in time.',
      1,
      (n) => [
        'No. It shows who waits, and not how fast a tick is.',
        `Yes. The median tick took ${msText(n['tick'])}, and there are 500\u202fms for each. The machine is cleared.`,
        gains,
        'No. It shows predictions, and a slow machine predicts as well as a fast one.',
      ],
    ),
    suspect(
      'Second suspect: the crowd',
      'Perhaps women stay away, and men wait for them in vain.',
      0,
      (n) => [
        `Yes. ${count(n['women'])} women and ${count(n['men'])} men wait, and ${count(n['women_demand'])} people would take a woman. Both sides are there, and nobody is paired.`,
        'No. A tick is as fast with one gender as with two.',
        gains,
        'No. It shows predictions of chats, and not who waits.',
      ],
    ),
    suspect(
      'Third suspect: the scorer',
      'Perhaps the scorer predicts nonsense, and no pair looks good.',
      3,
      (n) => [
        'No. It shows who waits. A scorer does not change that.',
        'No. A wrong prediction takes as long as a right one.',
        gains,
        `Yes. Until it broke, predictions were ${secondsText(n['error'])} off on average, for chats of ${secondsText(n['chat'])}. The scorer knows.`,
      ],
    ),
    {
      kind: 'see',
      title: 'Who is left?',
      text: (n) => [
        `${count(n['waiting'])} people wait, both genders are there, ticks are fast, and predictions are good. Yet ${n['per_second'] < 0.05 ? 'no pair is' : 'few pairs are'} made.`,
      ],
      question: {
        kind: 'choice',
        ask: 'What broke?',
        options: [
          'Too many people arrived at once.',
          'Somebody raised the quality threshold, and no pair is good enough.',
          'The matcher is greedy and leaves people over.',
        ],
      },
      check: ([chosen], n) => ({
        right: chosen === 1,
        says: [
          'No. More people make more pairs. A crowd alone does not bring matches to zero.',
          'Yes. Only a rule that refuses pairs leaves everything healthy and matches nobody.',
          `No. Greedy took pairs all evening. It had ${count(n['normal'])} people left at most ticks, and not ${count(n['waiting'])}.`,
        ][chosen],
      }),
    },
    {
      kind: 'act',
      title: 'Repair it',
      text: ['Find the setting, set it right, and watch the pool drain.'],
      knobs: [{ path: 'policy.threshold' }, { path: 'policy.matcher' }, { path: 'policy.tickMs' }],
      commands: [runSeconds('Run 20 seconds', 20)],
      goal(look) {
        if (look === null) return starting;
        const { main, time } = look.status;
        if (time < BREAKS_AT + 1)
          return notYet('The evening started again, so nothing is broken yet. Run it past the first minute.');
        const normal = usual(look);
        const says = `${count(main.waiting)} people wait. Usually there are ${count(normal)}.`;
        const met = main.matchesPerSecond > 1 && main.waiting < DRAINED * normal;
        return {
          met,
          share: Math.min(1, (DRAINED * normal) / Math.max(1, main.waiting)),
          says: met ? `${says} The pool has drained.` : says,
          notes: { after: main.waiting, threshold: main.policy.threshold },
        };
      },
    },
    {
      kind: 'explain',
      title: 'Rule out, then repair',
      text: (n) => [
        `A threshold of 1,000 predicted seconds let no pair pass. With ${count(n['threshold'])} the pool went from ${count(n['waiting'])} people to ${count(n['after'])}.`,
        'Each instrument answers one question. An outage is found by what they rule out: the cause is what no instrument refutes.',
      ],
      recall: {
        step: 0,
        says: ([chosen]) =>
          chosen === 3
            ? 'You suspected a setting from the start.'
            : 'Your first suspect was innocent, and an instrument cleared it.',
      },
    },
  ],
};
