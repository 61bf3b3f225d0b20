import { structWords } from '../kernel.ts';
import { shaders } from '../shaders.ts';

/** Structs of the tick's buffers: sizes and offsets in 32-bit words, as WGSL lays them out. */
export const layouts = {
  person: structWords(shaders.scoreTopk, 'Person'),
  place: structWords(shaders.scoreTopk, 'Place'),
  counter: structWords(shaders.scoreTopk, 'Counter'),
  row: structWords(shaders.greedy, 'Row'),
  tally: structWords(shaders.greedy, 'Tally'),
  outcome: structWords(shaders.finish, 'Outcome'),
  object: structWords(shaders.auction, 'Object'),
  bidder: structWords(shaders.auction, 'Bidder'),
  status: structWords(shaders.auction, 'Status'),
  need: structWords(shaders.dual, 'Need'),
  move: structWords(shaders.exchange, 'Move'),
};
/** Words of a list or queue entry: position of the partner, bits of the weight. */
export const ENTRY = 2;
/** Bits of `row.flags` (rows.wgsl): candidates were lost. */
export const OVERFLOWN = 2;
/** `state` of a bidder whose list may miss the best object (auction.wgsl). */
export const STALE = 2;
