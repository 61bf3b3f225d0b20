/** JSON knows no NaN and no infinity: a figure that does not exist is null. */
export const orNull = (x: number): number | null => (Number.isFinite(x) ? x : null);
