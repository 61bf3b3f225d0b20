import type { Digest } from '../../../base/hash.ts';
import type { PhoneMemories } from '../../../content/memory/phone.ts';
import type { Policy } from '../../../scenario/schema.ts';
import type { World } from '../../../world/types.ts';
import type { Decision } from '../decision.ts';
import type { Readers } from '../world/readers.ts';
import type { ContentTally } from './tally.ts';

/** What feed and tray of a market share. */
export interface FeedOptions {
  readonly world: World;
  readonly digest: Digest;
  readonly readers: Readers;
  readonly phones: PhoneMemories;
  readonly tally: ContentTally;
  readonly policyOf: (person: number, time: number) => Policy;
  readonly decided: (decision: Decision) => void;
}

/** Someone who waits for a slate: the visit is the number of their chat in the session. */
export interface Asking {
  readonly person: number;
  readonly visit: number;
}
