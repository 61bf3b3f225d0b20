import { encodeLink } from '../../src/scenario/link.ts';
import { presetById } from '../../src/scenario/presets.ts';
import type { InstrumentId, ViewId } from '../charts/views.ts';
import type { SkyView } from '../engine/api.ts';

/** The evening of a link, an instrument that fills the screen, and a sentence. */
export interface ShowScene {
  /** What a link to the page has after its "#". Equal links go on with the same evening. */
  readonly link: string;
  readonly instrument: 'sky' | InstrumentId;
  readonly view?: ViewId;
  readonly colourBy?: SkyView['colourBy'];
  /** Simulated seconds per second; default 1. */
  readonly speed?: number;
  readonly sentence: string;
}

export interface Show {
  readonly title: string;
  readonly scenes: readonly ShowScene[];
}

/** The link of a preset, with further entries. */
function evening(id: string, more = ''): string {
  const preset = presetById(id);
  if (preset === undefined) throw new Error(`there is no preset ${id}`);
  const { scenario, other = null } = preset;
  return `${encodeLink({ scenario, other }).toString()}${more}`;
}

const ordinary = evening('default-evening');
const scarce = evening('gender-imbalance');
const twice = evening('gender-imbalance', '&vs.scorer=towers&vs.matcher=auction');
const paradox = evening('simpson-reversal');
const outage = evening('outage-drill');

/** The shows that come with the page. Their sentences say where to look, not what comes out. */
export const shows: Readonly<Record<string, Show>> = {
  'half-second': {
    title: 'Half a second',
    scenes: [
      {
        ...{ link: ordinary, instrument: 'sky' },
        sentence: 'Everyone here waits for a chat. Every half second, one tick decides who meets whom.',
      },
      {
        ...{ link: ordinary, instrument: 'demand', view: 'demand-matrix' },
        sentence: 'Not everyone can meet everyone: a bright cell has many who ask and few who are there.',
      },
      {
        ...{ link: ordinary, instrument: 'latency', view: 'latency-stages' },
        sentence:
          'All pairs are scored and matched within 100\u202fms, and everyone waits for the slowest tick.',
      },
      {
        ...{ link: ordinary, instrument: 'latency', view: 'latency-waits' },
        sentence:
          'Half of all waits are shorter than the circle. One in a hundred is longer than the triangle.',
      },
      {
        ...{ link: ordinary, instrument: 'quality', view: 'quality-calibration' },
        sentence: 'A scorer predicts how long two people will talk. On the dashed line, it is right.',
      },
    ],
  },
  scarce: {
    title: 'Scarce people',
    scenes: [
      {
        ...{ link: scarce, instrument: 'sky', colourBy: 'gender' },
        sentence: 'Four men for every woman, and half of all people ask for one gender only.',
      },
      {
        ...{ link: scarce, instrument: 'demand', view: 'demand-segments' },
        sentence: 'A price is what everyone together would gain if one more of these people came.',
      },
      {
        ...{ link: twice, instrument: 'sky', colourBy: 'gender' },
        sentence: 'The same people and the same evening: greedy on the left, the auction on the right.',
      },
      {
        ...{ link: twice, instrument: 'quality', view: 'quality-series', speed: 4 },
        sentence: 'Both certify, tick by tick, how far they may be from the best matching there is.',
      },
      {
        ...{ link: twice, instrument: 'slices', view: 'slices-forest', speed: 8 },
        sentence: 'Who gains from the auction? A hollow mark may be chance.',
      },
    ],
  },
  paradox: {
    title: 'Averages that mislead',
    scenes: [
      {
        ...{ link: paradox, instrument: 'sky', speed: 8 },
        sentence: 'Two policies live through the same evening. Which one makes chats longer?',
      },
      {
        ...{ link: paradox, instrument: 'slices', view: 'slices-forest', speed: 16 },
        sentence: 'Read the first row. Then read the countries. Filled marks are claims.',
      },
      {
        ...{ link: paradox, instrument: 'slices', view: 'slices-mix', speed: 16 },
        sentence: 'The average is over other people now: look at the shares before and after.',
      },
      {
        ...{ link: outage, instrument: 'sky', colourBy: 'waited', speed: 8 },
        sentence: 'Another evening, and no deployment. After one minute something goes wrong.',
      },
      {
        ...{ link: outage, instrument: 'latency', view: 'latency-waits', speed: 4 },
        sentence: 'A wait that goes on counts with its length so far. Otherwise this would look healthy.',
      },
    ],
  },
};

/** The instruments of one's own evening, one after the other. */
export function ownShow(link: string, title: string, comparing: boolean): Show {
  const all = [
    ['sky', 'Everyone who waits, and the pairs of this tick.'],
    ['demand', 'Supply and demand.'],
    ['latency', 'The time of a tick, and the waits of the people.'],
    ['slices', 'Policy B against policy A.'],
    ['quality', 'Predictions, and what became of them.'],
  ] as const;
  const scenes = all
    .filter(([instrument]) => comparing || instrument !== 'slices')
    .map(([instrument, sentence]) => ({ link, instrument, sentence }));
  return { title, scenes };
}
