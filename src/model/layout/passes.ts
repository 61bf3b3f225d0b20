/**
 * How many times fewer transformer passes two-phase training takes: 2 N |S| / (N1 + 2). One phase with N epochs passes once per epoch,
 * match and side; two phases pass N1 times over each session and twice more to store what it gives (CUPID, section on training cost).
 */
export function passesSaved(epochs: number, matches: number, epochs1: number): number {
  return (2 * epochs * matches) / (epochs1 + 2);
}
