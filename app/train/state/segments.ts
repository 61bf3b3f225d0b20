/** The segments of evaluate.ts, which loads the trainer and so is not for the page. A test holds the two together. */
export const segments = ['entire', 'warm-warm', 'warm-cold', 'cold-cold'] as const;
export type Segment = (typeof segments)[number];
