import type { Amount, Amounts } from './amounts.ts';
import type { BlossomSolver } from './blossom.ts';

/**
 * Checks complementary slackness on the sparse graph, exactly: duals are >= 0 and feasible, matched
 * edges are tight, free vertices have dual 0, and blossoms of positive dual are full. Together with
 * no violated pair outside the graph, this proves the optimum.
 *
 * @throws Error where it does not hold, which is a bug of the solver.
 */
export function checkSlackness<A extends Amount, V extends Amounts<A>>(solver: BlossomSolver<A, V>): void {
  const { graph, forest, y } = solver;
  const { zero, add, sub } = solver.arithmetic;
  const { n, start, nbr, wt } = graph;
  const { mate } = forest;
  const fail = (what: string) => {
    throw new Error(`exact matching failed its own proof: ${what}`);
  };
  for (let i = 0; i < n; i++) {
    if (y[i] < zero) fail(`dual ${y[i]} of vertex ${i}`);
    if (mate[i] < 0 ? y[i] !== zero : mate[mate[i]] !== i)
      fail(`vertex ${i} with mate ${mate[i]} and dual ${y[i]}`);
    for (let e = start[i]; e < start[i + 1]; e++) {
      const j = nbr[e];
      let slack = sub(add(y[i], y[j]), wt[e]);
      if (slack < zero || mate[i] === j) slack = add(slack, forest.innerDual(i, j));
      if (slack < zero || (mate[i] === j && slack !== zero)) fail(`slack ${slack} of edge ${i}-${j}`);
    }
  }
  // A blossom is full where all its children but one are matched with each other, and those that
  // are blossoms are full themselves.
  for (const b of forest.blossoms()) {
    const children = forest.children[b]!;
    const [linkA, linkB] = [forest.linkA[b]!, forest.linkB[b]!];
    let full = children.length % 2 === 1 && forest.z[b] >= zero;
    for (let k = 1; k < children.length; k += 2)
      full &&=
        mate[linkA[k]] === linkB[k] &&
        forest.isInside(linkA[k], children[k]) &&
        forest.isInside(linkB[k], children[k + 1]);
    if (!full) fail(`blossom ${b} of dual ${forest.z[b]}`);
  }
}
