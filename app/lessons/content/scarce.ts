import { priceText } from '../../charts/format.ts';
import type { Lesson, Look, Notes } from '../format.ts';
import { cell, notYet, rightIs, runTicks, starting } from './figures.ts';

/** Prices have met when their ratio was below this for so many ticks. */
const NEAR = 1.3;
const TICKS = 20;
/** Max ticks between two looks that count as one run: at a high speed not every tick is seen. */
const APART = 4;

const priceOf = ({ tables }: Look, segment: string): number =>
  cell(tables, 'segment-price', { dimension: 'gender', segment }, 'mean_price');

const pointsText = (x: number): string => priceText(x, 'points');

/** "12 times"; a price next to nothing makes the ratio mean nothing. */
const timesText = (ratio: number): string =>
  ratio < 100 ? `${Math.round(ratio)} times` : 'more than 100 times';

/** Both prices and how long their ratio has been small, from one look to the next. */
function pricesOf(look: Look, before: Notes): Notes | null {
  const [women, men] = [priceOf(look, 'women'), priceOf(look, 'men')];
  if (!(women > 0 && men > 0)) return null;
  const ratio = Math.max(women, men) / Math.min(women, men);
  const passed = look.tick - (before['looked_at'] ?? look.tick);
  // A lower tick is another evening.
  const goesOn = passed >= 0 && passed <= APART;
  const met = before['met_for'] ?? 0;
  const metFor = !(ratio < NEAR) ? 0 : goesOn && met > 0 ? met + passed : 1;
  return { women, men, ratio, met_for: metFor, looked_at: look.tick };
}

export const scarcePeople: Lesson = {
  id: 3,
  title: 'Scarce people',
  about: 'Who is scarce, and what makes prices meet?',
  setup: {
    scenario: {
      name: 'Lesson 3',
      seed: 50_003,
      population: { size: 0.5, women: 0.2, genderFilter: 0.5, online: 7000, arrivalsPerMinute: 1000 },
      policy: { scorer: 'rules', matcher: 'auction', tickMs: 2000 },
    },
  },
  steps: [
    {
      kind: 'predict',
      title: 'A lopsided evening',
      text: [
        'Tonight there are four men for every woman, and half of all people ask for one gender only.',
        'In the auction everyone has a price: how much better the tick would be with one more person like them.',
      ],
      question: {
        kind: 'choice',
        ask: 'Whose price is higher?',
        options: ['Women.', 'Men.', 'Neither: everybody is matched at each tick.'],
      },
    },
    {
      kind: 'act',
      title: 'Read the prices',
      text: ['Let ten ticks pass. Open "groups" in the instrument "Who waits for whom?" to see each price.'],
      commands: [runTicks('Run 10 ticks', 10, 1)],
      figures: (n) =>
        n['women'] === undefined
          ? []
          : [
              { label: 'Price, women', value: n['women'], text: pointsText(n['women']) },
              { label: 'Price, men', value: n['men'], text: pointsText(n['men']) },
            ],
      goal(look, n) {
        if (look === null) return starting;
        const notes = pricesOf(look, n);
        if (notes === null || look.tick < 10)
          return { met: false, share: look.tick / 10, says: `Tick ${look.tick} of 10.` };
        const { women, men } = notes;
        return {
          met: true,
          share: 1,
          says: 'The prices are there.',
          notes: { ...notes, price_women: women, price_men: men },
        };
      },
    },
    {
      kind: 'see',
      title: 'Two prices',
      text: ['The prices come from this tick. They are in points, the unit of the rules.'],
      figures: (n) => [
        { label: 'Price, women', value: n['price_women'], text: pointsText(n['price_women']) },
        { label: 'Price, men', value: n['price_men'], text: pointsText(n['price_men']) },
      ],
      question: {
        kind: 'choice',
        ask: 'Whose price is higher, and why?',
        options: [
          'That of women: many ask for them, and few are there.',
          'That of men: there are more of them, so they are worth more.',
          'That of women: the rules give them more points.',
        ],
      },
      check([chosen], n) {
        const women = n['price_women'] > n['price_men'];
        return {
          right: chosen === 0 && women,
          says: [
            `Yes. One more woman would add about ${pointsText(n['price_women'])} to the tick, one more man about ${pointsText(n['price_men'])}.`,
            'No. Many of a kind compete with each other, and that lowers their price.',
            'No. The rules score a pair by both people. The price is not in the rules: it comes from supply and demand.',
          ][chosen],
        };
      },
    },
    {
      kind: 'act',
      title: 'Make the prices meet',
      text: [
        `Find a change that brings the two prices together: their ratio below ${NEAR} for ${TICKS} ticks.`,
        'A change of the people starts the evening again.',
      ],
      knobs: [
        { path: 'population.genderFilter' },
        { path: 'policy.waitingBonus' },
        { path: 'policy.tickMs' },
      ],
      commands: [runTicks('Run 25 ticks', 25, 1)],
      figures: (n) => [
        { label: 'Price, women', value: n['women'], text: pointsText(n['women']) },
        { label: 'Price, men', value: n['men'], text: pointsText(n['men']) },
      ],
      goal(look, n) {
        if (look === null) return starting;
        const notes = pricesOf(look, n);
        if (notes === null) return notYet('Nobody waits in this tick.');
        const { ratio, met_for: metFor } = notes;
        const says = `The ratio is ${ratio < 100 ? ratio.toFixed(1) : 'more than 100'}. It has been below ${NEAR} for ${metFor} of ${TICKS} ticks.`;
        return {
          met: metFor >= TICKS,
          share: metFor / TICKS,
          says,
          notes: {
            ...notes,
            filter: look.scenario.population.genderFilter,
            women_share: look.scenario.population.women,
          },
        };
      },
    },
    {
      kind: 'see',
      title: 'What was it?',
      text: (n) => [
        `The ratio of the prices is ${n['ratio'].toFixed(2)} now. There are still ${Math.round(100 * n['women_share'])} women among 100 people.`,
      ],
      question: {
        kind: 'choice',
        ask: 'What makes the prices meet?',
        options: [
          'A bonus for everyone who waits.',
          'A longer tick, with more people in each.',
          'Fewer people with a filter: a man may also meet a man.',
        ],
      },
      check: rightIs(2, (n) => [
        'No. A bonus makes every pair heavier, and women are as rare as before. Go back and try it.',
        'No. A longer tick brings more of both, at the same rate. The prices come nearer and do not meet.',
        `Yes. ${Math.round(100 * n['filter'])}\u202f% of the people filter now. Scarce is who is asked for and cannot be replaced. Without filters, everyone can be.`,
      ]),
    },
    {
      kind: 'explain',
      title: 'A price is a shadow',
      text: (n) => [
        `A dual price says what one more person of a kind would add. The price of women was ${timesText(n['price_women'] / n['price_men'])} that of men while filters held the sides apart.`,
        'The prices tell the operator of a service whom to invite, and what a filter costs everybody else.',
      ],
      recall: {
        step: 0,
        says: ([chosen]) =>
          chosen === 0 ? 'You knew whose price is higher.' : 'You expected another answer at first.',
      },
    },
  ],
};
