import type { Lesson } from '../format.ts';
import { yourTestLies } from './ab-test.ts';
import { whatBroke } from './broke.ts';
import { greedyIsNotBest } from './greedy.ts';
import { halfSecond } from './half-second.ts';
import { scarcePeople } from './scarce.ts';
import { doesTheScorerKnow } from './scorers.ts';
import { simpson } from './simpson.ts';
import { theTail } from './tail.ts';

/** In the order in which they are offered. */
export const lessons: readonly Lesson[] = [
  halfSecond,
  greedyIsNotBest,
  scarcePeople,
  whatBroke,
  simpson,
  yourTestLies,
  doesTheScorerKnow,
  theTail,
];
