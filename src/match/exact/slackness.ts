import type { BlossomSolver } from './blossom.ts';

/**
 * Complementary slackness on the sparse graph, exactly: duals >= 0 and feasible, matched edges tight, free vertices at 0, blossoms of
 * positive dual full. With no violated pair outside it proves the optimum; it is checked before every answer.
 *
 * @throws Error where it does not hold, which would be a bug here.
 */
export function checkSlackness({ graph, forest, y }: BlossomSolver): void {
  const { n, start, nbr, wt } = graph;
  const { mate } = forest;
  const fail = (what: string) => {
    throw new Error(`exact matching failed its own proof: ${what}`);
  };
  for (let i = 0; i < n; i++) {
    if (y[i] < 0) fail(`dual ${y[i]} of vertex ${i}`);
    if (mate[i] < 0 ? y[i] !== 0 : mate[mate[i]] !== i)
      fail(`vertex ${i} with mate ${mate[i]} and dual ${y[i]}`);
    for (let e = start[i]; e < start[i + 1]; e++) {
      const j = nbr[e];
      let slack = y[i] + y[j] - wt[e];
      if (slack < 0 || mate[i] === j) slack += forest.innerDual(i, j);
      if (slack < 0 || (mate[i] === j && slack !== 0)) fail(`slack ${slack} of edge ${i}-${j}`);
    }
  }
  // A blossom is full when all its children but one are paired with each other, and those that are blossoms are full themselves.
  for (const b of forest.blossoms()) {
    const children = forest.children[b]!;
    const [linkA, linkB] = [forest.linkA[b]!, forest.linkB[b]!];
    let full = children.length % 2 === 1 && forest.z[b] >= 0;
    for (let k = 1; k < children.length; k += 2)
      full &&=
        mate[linkA[k]] === linkB[k] &&
        forest.isInside(linkA[k], children[k]) &&
        forest.isInside(linkB[k], children[k + 1]);
    if (!full) fail(`blossom ${b} of dual ${forest.z[b]}`);
  }
}
