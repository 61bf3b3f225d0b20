import { shown } from '../errors.ts';

const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/** Ways in which texts that look alike differ, each with a function that removes the difference. */
const steps: readonly (readonly [what: string, fold: (id: string) => string])[] = [
  ['composed or decomposed letters (Unicode NFC)', (id) => id.normalize('NFC')],
  ['invisible characters', (id) => id.replaceAll(INVISIBLE, '')],
  ['white space', (id) => id.replaceAll(/\s+/gu, ' ').trim()],
  ['upper and lower case', (id) => id.toLowerCase()],
  ['leading zeros or decimals', (id) => id.replace(/^0+(?=\d)/, '').replace(/^(\d+)\.0+$/, '$1')],
];

/** An id without differences in letter case, white space, leading zeros and Unicode form. */
export function foldId(id: string): string {
  return steps.reduce((text, [, fold]) => fold(text), id);
}

/** Finds the known id that an unknown one was probably meant to be. */
export class NearIds {
  readonly #known: ReadonlyMap<string, string>;

  constructor(ids: Iterable<string>) {
    const known = new Map<string, string>();
    for (const id of ids) known.set(foldId(id), id);
    this.#known = known;
  }

  /**
   * A hint for the end of a sentence about an unknown id, such as `; "p1" differs in upper and
   * lower case`; '' where none is near.
   */
  hint(id: string): string {
    const near = this.#known.get(foldId(id));
    if (near === undefined || near === id) return '';
    let [one, other] = [id, near];
    for (const [what, fold] of steps) {
      [one, other] = [fold(one), fold(other)];
      if (one === other) return `; ${shown(near)} differs only in ${what}`;
    }
    return '';
  }
}
