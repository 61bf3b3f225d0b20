import { must } from './errors.ts';

/** Seeds are whole numbers of 32 bits. */
export const LARGEST_SEED = 0xffffffff;

/** `count` seeds from the first on. @throws LabError where the last one is no seed. */
export function seedsFrom(first: number, count: number): number[] {
  const last = first + count - 1;
  must(
    last <= LARGEST_SEED,
    () =>
      `seeds end at ${LARGEST_SEED}, and the last of ${count} from ${first} on would be ${last}; take a first seed of at most ${LARGEST_SEED - count + 1}`,
  );
  return Array.from({ length: count }, (_, k) => first + k);
}
