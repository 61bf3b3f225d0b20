import type { Digest } from '../../../base/hash.ts';
import type { PhoneMemories } from '../../../content/memory/phone.ts';
import type { Policy } from '../../../scenario/schema.ts';
import type { World } from '../../../world/types.ts';
import type { Decision } from '../decision.ts';
import type { Readers } from '../world/readers.ts';
import type { ContentTally } from './tally.ts';

/** Options that the feed and the tray of a market have in common. */
export interface FeedOptions {
  readonly world: World;
  readonly digest: Digest;
  readonly readers: Readers;
  readonly phones: PhoneMemories;
  readonly tally: ContentTally;
  readonly policyOf: (person: number, time: number) => Policy;
  readonly decided: (decision: Decision) => void;
}

/** A person who waits for a slate, after the chat of this number in their session. */
export interface Asking {
  readonly person: number;
  readonly chat: number;
}
