import { parsePolicy, scenario } from './parse.ts';
import type { Policy, Scenario, ScenarioInput } from './schema.ts';

/** An evening that comes with the laboratory. */
export interface Preset {
  readonly id: string;
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly sentence: string;
  readonly scenario: Scenario;
  /** The policy to compare with, if the preset compares two. */
  readonly other?: Policy;
  /** What to try, and what it teaches. */
  readonly lesson?: string;
}

function preset(
  id: string,
  sentence: string,
  input: ScenarioInput & { name: string },
  more: { other?: Partial<Policy>; lesson?: string } = {},
): Preset {
  // Parsed when first asked for: the page opens with one of them.
  let whole: Scenario | undefined;
  let policy: Policy | undefined;
  const parsed = () => (whole ??= scenario(input));
  const { other, lesson } = more;
  const made = {
    id,
    name: input.name,
    sentence,
    get scenario() {
      return parsed();
    },
    ...(lesson !== undefined && { lesson }),
  };
  if (other === undefined) return made;
  const get = () => (policy ??= parsePolicy({ ...parsed().policy, ...other }));
  return Object.defineProperty(made, 'other', { enumerable: true, get });
}

/** The first preset is the default. All of them except the rush suit a slow machine. */
export const presets: readonly Preset[] = [
  preset(
    'default-evening',
    'An ordinary Saturday evening: about a hundred people wait in each tick.',
    { name: 'Default evening' },
    { lesson: 'Change the scorer from random to rules, towers and oracle, and watch how long people stay.' },
  ),
  preset(
    'calm-afternoon',
    'Few people, little choice: the pool is small and good partners are rare.',
    {
      name: 'Calm afternoon',
      population: { people: 20_000, online: 1_800, arrivalsPerMinute: 400, startHour: 14.5 },
    },
    { lesson: 'A longer tick gives more choice and longer waits: try 2,000 ms.' },
  ),
  preset(
    'evening-rush',
    'The busiest hour: 150,000 people are in a chat, and more than 1,500 matches are made every second.',
    {
      name: 'Evening rush',
      population: {
        people: 420_000,
        online: 160_000,
        arrivalsPerMinute: 18_000,
        startHour: 21.5,
        newcomers: 0.1,
      },
    },
    { lesson: 'Watch the 99.9th percentile of the tick, not its median: a late tick makes everyone wait.' },
  ),
  preset(
    'gender-imbalance',
    'Four men for every woman, and half of all people ask for one gender only.',
    {
      name: 'Gender imbalance',
      population: { women: 0.2, genderFilter: 0.5, online: 7_000, arrivalsPerMinute: 1_000 },
    },
    {
      lesson: 'Look at the price of each segment: scarce people are expensive. The auction shows it.',
    },
  ),
  preset(
    'language-islands',
    'Few people speak a second language, so every country is a small market of its own.',
    {
      name: 'Language islands',
      population: {
        bilingual: 0.02,
        foreignDevice: 0.01,
        online: 5_000,
        arrivalsPerMinute: 800,
        countries: { JP: 0.45, KR: 0.2, US: 0.15, TR: 0.08, DE: 0.05, BR: 0.04, ID: 0.02, FR: 0.01 },
      },
      behaviour: { patience: 8 },
    },
    {
      lesson: 'The smallest islands wait longest. How many people must speak a second language to join them?',
    },
  ),
  preset(
    'newcomers-day',
    'A campaign brings many people who were never here before: nothing is known about their taste.',
    {
      name: 'Newcomers’ day',
      population: {
        people: 80_000,
        online: 3_000,
        arrivalsPerMinute: 2_400,
        newcomers: 0.8,
        startHour: 18,
      },
      behaviour: { again: 0.8 },
    },
    { lesson: 'Compare the slices of newcomers and of regulars.' },
  ),
  preset(
    'supply-shock',
    'After two minutes, most women stay away for three minutes, in a market where many people ask for women.',
    {
      name: 'Supply shock',
      population: { genderFilter: 0.4, online: 3_000, arrivalsPerMinute: 1_800, women: 0.45 },
      behaviour: { again: 0.75, patience: 12 },
      shock: { atSeconds: 120, forSeconds: 180, womenLeave: 0.9 },
    },
    { lesson: 'Demand per supply rises within a minute of the shock and falls only after the shock ends.' },
  ),
  preset(
    'outage-drill',
    'After one minute, someone sets the quality threshold far too high: few pairs pass, and the pool fills.',
    {
      name: 'Outage drill',
      population: { people: 12_000, online: 900, arrivalsPerMinute: 180 },
      behaviour: { patience: 240 },
      policy: { waitingBonus: 0 },
      stages: [{ atSeconds: 60, policy: { threshold: 1_000 } }],
    },
    { lesson: 'No deployment is to blame. Lower the threshold, and the pool drains in seconds.' },
  ),
  preset(
    'simpson-reversal',
    'The second policy makes chats longer in every country, yet shorter overall.',
    {
      name: 'Simpson reversal',
      population: {
        people: 40_000,
        online: 2_500,
        arrivalsPerMinute: 800,
        dailySwing: 0,
        bilingual: 0,
        foreignDevice: 0,
        genderFilter: 0,
        countryFilter: 0,
        reported: 0,
        countries: { JP: 0.4, KR: 0.12, US: 0.12, TR: 0.12, DE: 0.12, BR: 0.12, ID: 0, FR: 0 },
        ages: { '18-24': 0.2, '25-29': 0.2, '30-39': 0.2, '40-49': 0.2, '50+': 0.2 },
      },
      behaviour: {
        age: 0,
        patience: 0.8,
        countryTalk: 0,
        talkOf: { JP: 5, KR: 0.3, US: 0.3, TR: 0.3, DE: 0.3, BR: 0.3 },
      },
      policy: { scorer: 'rules', threshold: 24, waitingBonus: 0 },
    },
    {
      other: { scorer: 'oracle', threshold: 0 },
      lesson:
        'Wait three minutes. The first policy serves the talkative country and turns the others away; the second serves everyone better, and so counts many more short chats.',
    },
  ),
  preset(
    'between-two-chats',
    'After a chat, half of all people read a feed of posts, and in a chat they share stickers.',
    {
      name: 'Between two chats',
      population: { people: 20_000, online: 1_800, arrivalsPerMinute: 400, startHour: 20 },
      feed: { on: 'on' },
      tray: { on: 'on' },
    },
    {
      lesson:
        'Raise the ads to five of ten: readers leave, the pool gets thin, and chats get shorter for everybody.',
    },
  ),
];

/** The preset of that id, or undefined. */
export function presetById(id: string): Preset | undefined {
  return presets.find((p) => p.id === id);
}
