import { Did, type Decision } from '../decision.ts';

/** Events that are kept of a person. */
const KEPT = 48;

const Kind = { waits: 0, chats: 1, ends: 2, reads: 3, left: 4, card: 5, sticker: 6 } as const;
type KindCode = (typeof Kind)[keyof typeof Kind];

/** Where a person was, in simulated seconds. */
export interface Stay {
  readonly place: 'wait' | 'chat' | 'feed';
  readonly from: number;
  readonly to: number;
}

/** A card that was seen, or a sticker that was shared. */
export interface StripItem {
  readonly what: 'card' | 'sticker';
  readonly time: number;
  readonly source: number;
  /** Bits of `Did`. */
  readonly did: number;
}

/**
 * The evening of each person as a strip: waits, chats, readings, and the items in them. An observer
 * of a market. It keeps the last events of a person, 8 bytes each.
 */
export class EveningStrips {
  readonly #time: Float32Array;
  /** Kind in bits 0 to 2, source in 3 and 4, `Did` from 5 on. */
  readonly #code: Uint16Array;
  /** Events of each person so far. */
  readonly #count: Uint32Array;

  constructor(people: number) {
    this.#time = new Float32Array(KEPT * people);
    this.#code = new Uint16Array(KEPT * people);
    this.#count = new Uint32Array(people);
  }

  arrived(person: number, time: number): void {
    this.#add(person, time, Kind.waits);
  }
  chatBegan({ a, b, start }: { readonly a: number; readonly b: number; readonly start: number }): void {
    for (const person of [a, b]) this.#add(person, start, Kind.chats);
  }
  chatEnded({ a, b, end }: { readonly a: number; readonly b: number; readonly end: number }): void {
    for (const person of [a, b]) this.#add(person, end, Kind.ends);
  }
  reads(person: number, time: number): void {
    this.#add(person, time, Kind.reads);
  }
  resumed(person: number, time: number): void {
    this.#add(person, time, Kind.waits);
  }
  left(person: number, time: number): void {
    this.#add(person, time, Kind.left);
  }
  decided({ person, time, moment, source, did }: Readonly<Decision>): void {
    if (moment === 'feed') this.#add(person, time, Kind.card, source, did);
    else if ((did & Did.share) > 0) this.#add(person, time, Kind.sticker, source, did);
  }

  /** The last stays and items of a person until `now`, without what is drawn but comes later. */
  of(person: number, now: number): { readonly stays: Stay[]; readonly items: StripItem[] } {
    const count = Math.min(KEPT, this.#count[person]);
    const events = Array.from({ length: count }, (_, k) => {
      const at = KEPT * person + ((this.#count[person] - count + k) % KEPT);
      return { time: this.#time[at], code: this.#code[at] };
    })
      .filter(({ time }) => time <= now)
      .sort((x, y) => x.time - y.time);
    const stays: Stay[] = [];
    const items: StripItem[] = [];
    let place: Stay['place'] | null = null;
    let from = 0;
    const go = (next: Stay['place'] | null, time: number) => {
      if (place !== null && time > from) stays.push({ place, from, to: time });
      [place, from] = [next, time];
    };
    for (const { time, code } of events) {
      const kind = (code & 7) as KindCode;
      if (kind === Kind.card || kind === Kind.sticker)
        items.push({
          ...{ what: kind === Kind.card ? 'card' : 'sticker', time, source: (code >>> 3) & 3 },
          did: code >>> 5,
        });
      else go(AFTER[kind], time);
    }
    go(null, now);
    return { stays, items };
  }

  #add(person: number, time: number, kind: KindCode, source = 0, did = 0): void {
    const at = KEPT * person + (this.#count[person]++ % KEPT);
    this.#time[at] = time;
    this.#code[at] = kind | (source << 3) | (did << 5);
  }
}

/** Where a person is after an event; after a chat they wait, unless they read. */
const AFTER = {
  [Kind.waits]: 'wait',
  [Kind.chats]: 'chat',
  [Kind.ends]: 'wait',
  [Kind.reads]: 'feed',
  [Kind.left]: null,
} as const;
