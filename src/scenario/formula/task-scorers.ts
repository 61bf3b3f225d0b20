/** Scorers that were trained on several tasks. */
export const taskScorers = ['wide-deep', 'wide-deep-s', 'cupid'] as const;
