import type { ImportedMeetings } from '../read/meetings.ts';

/** Two directed observations per used meeting r, 2 r and 2 r + 1: who stays, and with whom. */
export interface Observations {
  /** u32[used]: numbers of the meetings in use. */
  readonly rows: Uint32Array;
  /** u32[2 used]. */
  readonly who: Uint32Array;
  readonly whom: Uint32Array;
  /** Observations sorted by who and by whom; person p has start[p] to start[p + 1] - 1 in both. */
  readonly byWho: Uint32Array;
  readonly byWhom: Uint32Array;
  readonly start: Uint32Array;
}

/** The observations of meetings among `people`; `rows`: which meetings, by default all. */
export function observe(meetings: ImportedMeetings, people: number, rows?: Uint32Array): Observations {
  const used = rows ?? Uint32Array.from({ length: meetings.count }, (_, m) => m);
  const who = new Uint32Array(2 * used.length);
  const whom = new Uint32Array(2 * used.length);
  used.forEach((m, r) => {
    who[2 * r] = whom[2 * r + 1] = meetings.a[m];
    whom[2 * r] = who[2 * r + 1] = meetings.b[m];
  });
  // In every meeting each person is once who and once whom, so both orders have the same starts.
  const start = new Uint32Array(people + 1);
  for (const p of who) start[p + 1]++;
  for (let p = 0; p < people; p++) start[p + 1] += start[p];
  return { rows: used, who, whom, byWho: sorted(who, start), byWhom: sorted(whom, start), start };
}

/**
 * Observations sorted by key, ascending within a key; start[key] is the first position of a key.
 */
function sorted(keys: Uint32Array, start: Uint32Array): Uint32Array {
  const next = start.slice();
  const out = new Uint32Array(keys.length);
  for (let d = 0; d < keys.length; d++) out[next[keys[d]]++] = d;
  return out;
}
