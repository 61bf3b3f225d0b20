import type { Scenario } from '../../scenario/schema.ts';
import { middlingLog, moodAfter } from '../../sim/evening/meeting.ts';
import { returnChance } from '../../sim/evening/session-behaviour.ts';
import { truthColumn } from './csv-actions.ts';
import type { Visit } from './visits.ts';

/** A chat as the mood sees it. */
interface MoodChat {
  readonly seconds: number;
  /** Wait before it as a share of the person's patience. */
  readonly waited: number;
}

/** Counted actions of a visit. */
export const visitActions = ['chats', 'long_chats', 'short_chats', 'friends', 'reports'] as const;
type VisitAction = (typeof visitActions)[number];

const MAX_TIMES = 5;

/** Whether a chat counts as the action, by its length; null where the length does not decide. */
function lengthRule({ behaviour }: Scenario, action: VisitAction): ((seconds: number) => boolean) | null {
  if (action === 'chats') return () => true;
  if (action === 'long_chats') return (seconds) => seconds > behaviour.longChatSeconds;
  return action === 'short_chats' ? (seconds) => seconds < behaviour.swipeSeconds : null;
}

/** How often a visit had each action. */
export function countActions(scenario: Scenario, { waits }: Visit): Record<VisitAction, number> {
  const over = waits.filter((wait) => wait.isOver);
  const count = (is: (wait: (typeof over)[number]) => boolean) => over.filter(is).length;
  const long = lengthRule(scenario, 'long_chats');
  const short = lengthRule(scenario, 'short_chats');
  return {
    chats: over.length,
    long_chats: count((wait) => long!(wait.chat)),
    short_chats: count((wait) => short!(wait.chat)),
    friends: count((wait) => wait.friend),
    reports: count((wait) => wait.report),
  };
}

/**
 * True effect of "action at least k times" on the chance to return, per visit and condition, by the
 * world's law: the chance if the condition is made true, minus the chance if it is made false. What
 * is missing is added at the end, without a wait; what is too much is undone from the end on. An
 * added chat has the typical (geometric mean) length of the action, an undone one that of the
 * others; chats that are undone as chats do not happen. Friend requests and reports change no mood.
 */
export function trueEffects(scenario: Scenario, visits: readonly Visit[]): Map<string, Float64Array> {
  const all = visits.flatMap((visit) => chatsOf(visit).map((chat) => chat.seconds));
  const effects = new Map<string, Float64Array>();
  for (const action of visitActions) {
    const rule = lengthRule(scenario, action);
    const [typical, otherwise] = [true, false].map((counts) =>
      geometricMean(all.filter((seconds) => rule?.(seconds) === counts)),
    );
    const known =
      rule !== null && Number.isFinite(typical) && (action === 'chats' || Number.isFinite(otherwise));
    if (rule !== null && !known) continue;
    for (let k = 1; k <= MAX_TIMES; k++)
      effects.set(
        truthColumn(`${action} >= ${k}`),
        Float64Array.from(visits, (visit) => {
          if (rule === null) return 0;
          const chats = chatsOf(visit);
          const chance = (given: readonly MoodChat[]) => chanceToReturn(scenario, given);
          const missing = Math.max(0, k - chats.filter(({ seconds }) => rule(seconds)).length);
          const more = Array.from({ length: missing }, () => ({ seconds: typical, waited: 0 }));
          const fewer = undo(
            chats,
            (chat) => rule(chat.seconds),
            k - 1,
            action === 'chats' ? null : otherwise,
          );
          return chance([...chats, ...more]) - chance(fewer);
        }),
      );
  }
  return effects;
}

/** Keeps the first `keep` chats that count; later ones get another length, or are left out. */
function undo(
  chats: readonly MoodChat[],
  counts: (chat: MoodChat) => boolean,
  keep: number,
  seconds: number | null,
): MoodChat[] {
  let left = keep;
  return chats.flatMap((chat) => {
    if (!counts(chat) || left-- > 0) return [chat];
    return seconds === null ? [] : [{ ...chat, seconds }];
  });
}

const chatsOf = ({ waits, patience }: Visit): MoodChat[] =>
  waits
    .filter((wait) => wait.isOver)
    .map((wait) => ({ seconds: wait.chat, waited: wait.seconds / patience }));

/** Chance to return the next day after the chats of a visit. */
export function chanceToReturn({ behaviour }: Scenario, chats: readonly MoodChat[]): number {
  const middling = middlingLog(behaviour);
  let mood = 0;
  for (const { seconds, waited } of chats) mood = moodAfter(mood, Math.log(seconds) - middling, waited);
  return returnChance(behaviour.retention, mood, chats.length);
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length);
