import * as v from 'valibot';
import { countries } from './countries.ts';
import { numberKnob, shareKnob } from './knob.ts';

const countryTalks = v.optional(
  v.strictObject(
    Object.fromEntries(
      countries.map(({ code, name }) => [
        code,
        numberKnob(1, {
          label: `Talk in ${name}`,
          help: `Multiplies how long people from ${name} stay in a chat.`,
          unit: 'x',
          min: 0.1,
          max: 10,
          step: 0.05,
          log: true,
        }),
      ]),
    ),
  ),
  {},
);

/** A standard deviation or an effect on the natural log of the seconds that a chat lasts. */
function logKnob(defaultValue: number, label: string, help: string, max = 2) {
  return numberKnob(defaultValue, { label, help, unit: 'ln s', min: 0, max, step: 0.05 });
}

/** The world's ground truth: how people chat, wait, leave and return. */
export const behaviourSchema = v.strictObject({
  patience: numberKnob(20, {
    label: 'Patience',
    help: 'Median time that a person waits before leaving.',
    unit: 's',
    min: 0.5,
    max: 600,
    step: 0.5,
    log: true,
  }),
  talkativeness: numberKnob(25, {
    label: 'Talkativeness',
    help: 'Median time that one side stays in an average chat.',
    unit: 's',
    min: 2,
    max: 600,
    step: 1,
    log: true,
  }),
  countryTalk: logKnob(
    0.25,
    'Countries differ',
    'Standard deviation of talkativeness between countries (natural log).',
    1.5,
  ),
  talkOf: countryTalks,
  talkSpread: logKnob(
    0.35,
    'People differ',
    'Standard deviation of talkativeness between people (natural log).',
    1.5,
  ),
  tail: numberKnob(0.9, {
    label: 'Long tail',
    help: 'Standard deviation of one meeting around its expected length (natural log); more makes the tail longer.',
    unit: 'ln s',
    min: 0.1,
    max: 2,
    step: 0.05,
  }),
  taste: logKnob(
    0.8,
    'Taste',
    'How much latent taste lengthens a chat (natural log, for one standard deviation).',
  ),
  hub: logKnob(0.4, 'Charm', 'Standard deviation of how much everyone likes a person (natural log).'),
  language: logKnob(
    0.35,
    'Same language',
    'How much a shared device language lengthens a chat (natural log).',
  ),
  age: logKnob(
    0.3,
    'Near age',
    'How much each age band between two people shortens their chat (natural log).',
  ),
  mood: logKnob(
    0.25,
    'Mood',
    'How much the session so far lengthens or shortens the next chat (natural log).',
    1,
  ),
  tonight: logKnob(
    1.2,
    'Tonight’s wish',
    'How much a newcomer’s wish of the evening, which changes with every session, lengthens their chats; regulars know what they like.',
  ),
  swipeSeconds: numberKnob(5, {
    label: 'Swipe',
    help: 'A shorter chat counts as a swipe.',
    unit: 's',
    min: 1,
    max: 30,
    step: 1,
  }),
  longChatSeconds: numberKnob(60, {
    label: 'Long chat',
    help: 'A longer chat counts as a long match.',
    unit: 's',
    min: 10,
    max: 600,
    step: 5,
  }),
  reportRate: shareKnob(0.01, 'Reports', 'Probability that one side reports an average chat.', 0.3),
  friendRate: shareKnob(
    0.06,
    'Friend requests',
    'Probability that one side sends a friend request after an average chat.',
    0.5,
  ),
  again: shareKnob(
    0.88,
    'Another match',
    'Probability that a person wants another match after an average chat.',
    0.99,
  ),
  comeBackMinutes: numberKnob(25, {
    label: 'Coming back',
    help: 'Median break before a person who left returns the same day.',
    unit: 'min',
    min: 0.5,
    max: 600,
    step: 0.5,
    log: true,
  }),
  comeBack: shareKnob(0.35, 'Come back tonight', 'Probability that a person who left returns the same day.'),
  retention: shareKnob(
    0.4,
    'Next-day return',
    'Probability that a person returns the next day after an average session.',
  ),
  tasteDrift: shareKnob(
    0.02,
    'Taste drift',
    'Share of the way that taste moves towards the last good partner.',
    0.5,
  ),
});
