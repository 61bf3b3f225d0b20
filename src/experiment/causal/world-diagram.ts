import { createDiagram, type Arrow, type Diagram } from './diagram.ts';

/** Arrows from every cause to every effect. */
const from = (causes: string, effects: string): Arrow[] =>
  causes.split(' ').flatMap((cause) => effects.split(' ').map((effect): Arrow => [cause, effect]));

/** What a policy may look at, and what decides who is eligible. */
const profile = 'country language speaks gender age reported paying filter own_country history';
const latent = 'taste appeal talk charm whim';

/**
 * The causal diagram of the simulated world, for one wait of a person and the chat that follows.
 * Nodes have the names of the columns of a log; the others are hidden: what people are like, the
 * mood before this wait and the mood after it, and what has happened earlier in the evening.
 */
export const worldDiagram: Diagram = createDiagram(
  [
    // Birth (world/birth.ts).
    ...from('country', 'language speaks taste appeal'),
    ...from('language', 'speaks'),
    ...from('gender', 'filter taste appeal talk charm'),
    ...from('age', 'taste appeal talk charm'),
    ...from('paying', 'filter'),
    ...from('reported', 'charm'),
    ...from('circle', 'taste appeal'),
    ...from('taste', 'appeal'),
    ...from('newcomer talk charm', 'history'),
    // A newcomer follows a whim more than a regular (sim/evening/session-behaviour.ts).
    ...from('history', 'whim'),
    // Earlier waits and chats of this evening follow the same laws and move the mood.
    ...from(`time policy patience ${profile} ${latent}`, 'earlier'),
    ...from('earlier', 'mood chats'),
    // The tick: who is there, who is eligible (score/weights.ts), whom the scorers prefer
    // (model/serve), how long that takes, and whether patience lasts (sim/evening).
    ...from(`time policy mood ${profile} ${latent}`, 'wait partner'),
    ...from('mood', 'impatience'),
    ...from('patience', 'impatience'),
    ...from('impatience', 'wait matched'),
    ...from('wait', 'matched partner'),
    ...from('matched', 'chat'),
    // The chat (world/world.ts, sim/evening/meeting.ts): each side draws a time to leave.
    ...from('country language age taste appeal talk charm whim mood partner', 'chat'),
    ...from('chat', 'friend report'),
    ...from('partner', 'report'),
    // What follows (sim/evening/meeting.ts and session-behaviour.ts).
    ...from('mood wait patience chat', 'mood_after'),
    ...from('matched', 'chats'),
    ...from('mood_after', 'again returns'),
    ...from('again', 'chats'),
    ...from('chats', 'returns'),
  ],
  [...'circle taste appeal talk charm whim patience impatience earlier mood mood_after partner'.split(' ')],
);
