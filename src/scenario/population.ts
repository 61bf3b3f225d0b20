import * as v from 'valibot';
import { ageBands, countries } from './countries.ts';
import { numberKnob, shareKnob } from './knob.ts';

const defaultCountryShare: Record<string, number> = {
  JP: 0.2,
  KR: 0.15,
  US: 0.15,
  TR: 0.14,
  DE: 0.1,
  BR: 0.1,
  ID: 0.1,
  FR: 0.06,
};
const defaultAgeShare = [0.38, 0.27, 0.2, 0.1, 0.05];

type Share = readonly [key: string, label: string, who: string, share: number];

/** Shares of groups that are normalised together; `groups` names them all. */
function shares(groups: string, entries: readonly Share[]) {
  const knobs = entries.map(([key, label, who, share]) => {
    const help = `Share of people ${who} (all ${groups} are normalised to 100 %).`;
    return [key, shareKnob(share, label, help)] as const;
  });
  return v.optional(v.strictObject(Object.fromEntries(knobs)), {});
}

/** Which people exist, how many arrive, and their attributes. */
export const populationSchema = v.strictObject({
  size: numberKnob(1, {
    label: 'Size',
    help: 'Share of the evening that runs: of its people, of those online and of those arriving.',
    unit: '%',
    min: 0.01,
    max: 1,
    step: 0.01,
  }),
  people: numberKnob(60_000, {
    label: 'People',
    help: 'Number of accounts; only some are online at a time.',
    unit: 'people',
    min: 100,
    max: 1_000_000,
    step: 100,
    log: true,
  }),
  online: numberKnob(9_000, {
    label: 'Online at opening',
    help: 'People in a chat when the evening opens (at most everyone who is not a newcomer); they enter the pool when that chat ends.',
    unit: 'people',
    min: 0,
    max: 500_000,
    step: 100,
    log: true,
  }),
  arrivalsPerMinute: numberKnob(1_000, {
    label: 'Arrivals',
    help: 'New sessions per minute, before the daily swing.',
    unit: 'people/min',
    min: 0,
    max: 100_000,
    step: 10,
    log: true,
  }),
  dailySwing: shareKnob(
    0.4,
    'Daily swing',
    'How far arrivals rise above and fall below their daily mean.',
    0.95,
  ),
  peakHour: numberKnob(22, {
    label: 'Peak hour',
    help: 'Hour of the day when most people arrive.',
    unit: 'h',
    min: 0,
    max: 24,
    step: 0.5,
  }),
  startHour: numberKnob(21, {
    label: 'Start',
    help: 'Hour of the simulated Saturday when the market opens.',
    unit: 'h',
    min: 0,
    max: 24,
    step: 0.5,
  }),
  countries: shares(
    'countries',
    countries.map(({ code, name }) => [code, name, `from ${name}`, defaultCountryShare[code]]),
  ),
  foreignDevice: shareKnob(
    0.08,
    'Foreign device language',
    'Share of people whose phone is set to another language than that of their country.',
  ),
  bilingual: shareKnob(
    0.3,
    'Speak a second language',
    'Share of people who also speak English (in the United States: another language).',
  ),
  women: shareKnob(0.42, 'Women', 'Share of women; the rest are men.'),
  ages: shares(
    'bands',
    ageBands.map((band, i) => [band, `Age ${band}`, `aged ${band}`, defaultAgeShare[i]]),
  ),
  newcomers: shareKnob(0.15, 'Newcomers', 'Share of arrivals who have never been here before.'),
  reported: shareKnob(0.04, 'Recently reported', 'Share of people who were reported recently.'),
  paying: shareKnob(0.08, 'Paying', 'Share of people who pay.'),
  genderFilter: shareKnob(
    0.15,
    'Use a gender filter',
    'Share of people who ask for one gender only (paying people do so twice as often).',
  ),
  countryFilter: shareKnob(
    0.05,
    'Use a country filter',
    'Share of people who ask for their own country only.',
  ),
});
