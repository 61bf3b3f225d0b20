import * as v from 'valibot';
import { choiceKnob, numberKnob, shareKnob } from '../knob.ts';

/** What a moment of the evening beside the tick is set to. */
const onOff = [
  { value: 'off', label: 'Off', help: 'The evening consists of waits and chats only.' },
  { value: 'on', label: 'On', help: 'The evening has this moment too.' },
] as const;

/** A term of the attraction of a card: a standard deviation or an effect, no unit. */
function pullKnob(defaultValue: number, label: string, help: string, max = 3) {
  return numberKnob(defaultValue, { label, help, unit: '', min: 0, max, step: 0.05 });
}

function moneyKnob(defaultValue: number, label: string, help: string, max: number) {
  return numberKnob(defaultValue, { label, help, unit: 'money', min: 0, max, step: 0.01 });
}

/**
 * The feed between two chats: the world's ground truth of posts, creators and readers. What a
 * platform decides about it is part of the policy. No size here was ever published.
 */
export const feedSchema = v.strictObject({
  on: choiceKnob('off', {
    label: 'Feed',
    help: 'After a chat, a person may read a feed of posts before the next one.',
    options: [...onOff],
  }),
  open: shareKnob(0.5, 'Open the feed', 'Share of people who read the feed after a chat.'),
  creators: shareKnob(0.1, 'Creators', 'Share of people who make posts.'),
  posts: numberKnob(2000, {
    label: 'Posts',
    help: 'Posts at opening. A new post takes the place of the oldest one.',
    unit: 'posts',
    min: 50,
    max: 20_000,
    step: 50,
    log: true,
  }),
  postsPerHour: numberKnob(0.5, {
    label: 'Posts per creator',
    help: 'How many posts an average creator makes per hour.',
    unit: '1/h',
    min: 0,
    max: 60,
    step: 0.1,
  }),
  fameReward: pullKnob(
    1,
    'Clicks reward creators',
    'A creator with c clicks makes posts in proportion to (1 + c) to this power.',
    3,
  ),
  fameMood: pullKnob(0.02, 'Clicks please creators', 'Gain of mood of a creator by a click on a post.', 1),
  quality: pullKnob(0.4, 'Posts differ', 'Standard deviation of the quality of posts.'),
  tastePull: pullKnob(0.5, 'Taste for posts', 'How much latent taste decides about a post.'),
  freshness: pullKnob(
    0.5,
    'Fresh posts',
    'How much more attractive a post is when it is made; this fades within half an hour.',
  ),
  noise: pullKnob(
    0.8,
    'Misunderstood posts',
    'Standard deviation of the error with which the service understands a post and a reader.',
  ),
  curiosity: numberKnob(0.35, {
    label: 'Curiosity',
    help: 'Mean pull of a creator whom the reader has not seen before.',
    ...{ unit: '', min: 0, max: 1, step: 0.05 },
  }),
  curiosityStep: numberKnob(0.02, {
    label: 'Curiosity grows',
    help: 'Share of the way to 1 that curiosity moves with every good discovery.',
    ...{ unit: '', min: 0, max: 1, step: 0.01 },
  }),
  readSeconds: numberKnob(3, {
    label: 'Reading time',
    help: 'Median reading time of an average card, cut at the length of the post.',
    unit: 's',
    min: 0.5,
    max: 120,
    step: 0.5,
    log: true,
  }),
  stop: shareKnob(0.12, 'Stop reading', 'Chance to go back to the queue after a card.'),
  away: shareKnob(0.005, 'Leave while reading', 'Chance to leave the service after a card.'),
  adAway: shareKnob(0.02, 'Leave after an ad', 'The same after an ad, for a reader who is not tired of ads.'),
  tire: pullKnob(0.3, 'Fatigue', 'How much a card makes the next of its kind less attractive.'),
  recovery: numberKnob(0.8, {
    label: 'Fatigue stays',
    help: 'Share of the fatigue that is left after each card.',
    ...{ unit: '%', min: 0, max: 1, step: 0.01 },
  }),
  cardMood: pullKnob(0.05, 'Cards move mood', 'Change of mood by a card that is very good or very bad.', 1),
  adMood: pullKnob(0.08, 'Ads annoy', 'Loss of mood by an ad, for a reader who is not tired of ads.', 1),
  adPrice: moneyKnob(0.02, 'Price of an ad', 'Paid to the platform for each ad that is seen.', 10),
  giftPrice: moneyKnob(0.5, 'Price of a gift', 'Paid for each gift to a creator.', 100),
  filterPrice: moneyKnob(
    0.03,
    'Price of a filter',
    'Paid by paying people with a filter for each match.',
    10,
  ),
});

/** The tray of stickers in a chat: ground truth. */
export const traySchema = v.strictObject({
  on: choiceKnob('off', {
    label: 'Tray',
    help: 'In a chat, people may share stickers from a tray.',
    options: [...onOff],
  }),
  everySeconds: numberKnob(10, {
    label: 'Tray opens',
    help: 'Seconds of a chat between two looks at the tray.',
    ...{ unit: 's', min: 1, max: 600, step: 1 },
  }),
  shareChance: shareKnob(0.03, 'Share a sticker', 'Chance to share an average sticker that is seen.'),
  sourceSpread: pullKnob(
    1,
    'Sources differ',
    'Standard deviation of how much people like each source (natural log).',
  ),
  craving: pullKnob(0.7, 'Same again', 'How much more the source of the last share is liked (natural log).'),
  lengthen: numberKnob(2, {
    label: 'A share lengthens',
    help: 'Seconds that a shared sticker adds to the chat.',
    ...{ unit: 's', min: 0, max: 120, step: 0.5 },
  }),
  brandedPrice: moneyKnob(
    0.02,
    'Branded sticker',
    'Paid to the platform for each share of a branded one.',
    10,
  ),
});

/** What the platform decides about feed and tray. They do nothing where both are off. */
export const contentPolicy = {
  feedRetrieval: choiceKnob('wide', {
    label: 'Retrieval',
    help: 'Which posts can become candidates.',
    options: [
      { value: 'wide', label: 'Wide', help: 'All live posts that the reader can understand.' },
      { value: 'narrow', label: 'Narrow', help: 'Only posts of the most popular tenth of the creators.' },
    ],
  }),
  feedFavour: choiceKnob('none', {
    label: 'Favours the popular',
    help: 'A stage after retrieval that puts posts of the most popular tenth of the creators first.',
    options: [
      { value: 'none', label: 'None', help: 'No stage after retrieval knows who is popular.' },
      { value: 'rank', label: 'Ranking', help: 'The candidates of popular creators come first.' },
      { value: 'rerank', label: 'Re-ranking', help: 'Popular creators come first in the new order.' },
      {
        value: 'compose',
        label: 'Slate',
        help: 'Popular creators fill the slate first, and exploration shows no others.',
      },
    ],
  }),
  feedCandidates: numberKnob(100, {
    label: 'Candidates',
    help: 'Posts that retrieval passes on for a reader.',
    ...{ unit: 'posts', min: 10, max: 128, step: 1 },
  }),
  feedRanking: choiceKnob('learned', {
    label: 'Ranking',
    help: 'In which order the candidates go on.',
    options: [
      { value: 'random', label: 'Random', help: 'Any order: the lower bound.' },
      { value: 'newest', label: 'Newest first', help: 'The latest posts first.' },
      {
        value: 'learned',
        label: 'Learned',
        help: 'Predicted chances of clicks, likes, comments and shares, learned during the evening.',
      },
      { value: 'oracle', label: 'Oracle', help: 'The ground truth itself: the upper bound.' },
    ],
  }),
  feedDiversity: shareKnob(
    0.2,
    'Diversity',
    'Weight of being unlike the cards before, in re-ranking (not for a random ranking).',
  ),
  feedExplore: shareKnob(
    0.05,
    'Explore',
    'Chance that a place shows a random young post; its propensity is logged.',
  ),
  feedComposer: choiceKnob('phone', {
    label: 'Composer of the feed',
    help: 'How posts of known creators, new posts and ads are interleaved.',
    options: [
      { value: 'fixed', label: 'Fixed slots', help: 'Posts in order of their rank, ads in fixed places.' },
      { value: 'static', label: 'Static 2:1', help: 'Two posts of known creators, then a new one.' },
      { value: 'phone', label: 'Phone', help: 'The memory on the phone decides about order and shares.' },
      {
        value: 'fatigue',
        label: 'Fatigue rule',
        help: 'As phone, and ads stand where the reader is predicted to read most.',
      },
    ],
  }),
  feedAds: numberKnob(1, {
    label: 'Ads',
    help: 'Ads among the ten cards of a slate.',
    ...{ unit: 'of 10', min: 0, max: 5, step: 1 },
  }),
  feedUpdates: choiceKnob('signal', {
    label: 'Updates of posts',
    help: 'When what readers do reaches the vector of a post.',
    options: [
      { value: 'batch', label: 'Batch', help: 'All signals of a batch at once.' },
      { value: 'signal', label: 'Every signal', help: 'Each signal, one after the other.' },
      {
        value: 'unlocked',
        label: 'Without a lock',
        help: 'Each signal, but of those within one tick only the last one survives.',
      },
      {
        value: 'belief',
        label: 'Belief',
        help: 'Each signal, weighed by how sure the service already is of the post (Kalman filter).',
      },
    ],
  }),
  feedBatchSeconds: numberKnob(600, {
    label: 'Batch',
    help: 'Simulated time between two batches of updates.',
    ...{ unit: 's', min: 1, max: 86_400, step: 1 },
  }),
  feedGates: choiceKnob('off', {
    label: 'Gates of posts',
    help: 'Whether a post must earn its further views.',
    options: [
      { value: 'off', label: 'Off', help: 'Every post can be shown at any time.' },
      { value: 'on', label: 'On', help: 'At 50, 100, 500, 1,000 ... views a post needs enough clicks.' },
    ],
  }),
  feedGateShare: shareKnob(0.4, 'Share at a gate', 'Clicks per view that a gate asks for.'),
  feedDwell: numberKnob(5, {
    label: 'Dwell threshold',
    help: 'Reading time from which a view counts as a click.',
    ...{ unit: 's', min: 0.5, max: 120, step: 0.5 },
  }),
  feedSeenBytes: numberKnob(600, {
    label: 'Filter of seen posts',
    help: 'Size of the Bloom filter on the phone. One that is too small hides new posts.',
    ...{ unit: 'bytes', min: 8, max: 4096, step: 1, log: true },
  }),
  trayComposer: choiceKnob('phone', {
    label: 'Composer of the tray',
    help: 'How branded, known and new stickers are ordered.',
    options: [
      { value: 'fixed', label: 'Fixed order', help: 'Branded, known, new, in turn.' },
      { value: 'static', label: 'Static 2:1', help: 'Two known ones, then a new one; branded ones last.' },
      { value: 'phone', label: 'Phone', help: 'The memory on the phone decides about order and shares.' },
      {
        value: 'fatigue',
        label: 'Fatigue rule',
        help: 'As phone, and a source that is seen without a share moves back.',
      },
    ],
  }),
};
