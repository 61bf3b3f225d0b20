import { family, type FamilyName } from './config.ts';

/** The evenings on which the shipped members of the family are trained, and on whose later chats they are judged. */
export const familyRecipe = {
  /** Every seed is a world of its own. */
  seeds: [3001, 3002, 3003, 3004, 3005, 3006],
  ticks: 2400,
  /** Share of the evenings, by time, that trains; the last tenth of it only validates, what comes after it judges. */
  share: 0.75,
} as const;

/** Members whose weights ship; "cupid, no session" is Wide&Deep itself. */
export const shippedNames = (Object.keys(family) as FamilyName[]).filter(
  (name) => name !== 'cupid, no session',
);

/** Name of a member's files: public/models/<file>.bin and .json. */
export const fileOf = (name: string): string => name.replace(/[, ]+/g, '-');
