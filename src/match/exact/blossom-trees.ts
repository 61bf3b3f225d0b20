import type { Adjacency } from './blossom-forest.ts';
import type { BlossomForest } from './blossom-forest.ts';
import { EventHeap } from './event-heap.ts';

/** Labels of outermost nodes: in no tree, outer (an even way from the root), inner. */
export const OUT = 0;
export const S = 1;
export const T = 2;
/** Kinds of events that are no edges, in the heap's first word. */
export const EXPAND = -1;
export const ZERO = -2;

/**
 * The alternating trees of a primal-dual search, and the duals that move with them: lazily, as (value, since when). What may happen next
 * waits in a heap.
 */
export class AlternatingTrees {
  /** Labels, when they were given, and the tree edge that made a node inner: from the outer vertex, to the inner one. */
  protected readonly label: Uint8Array;
  protected readonly since: Float64Array;
  protected readonly from: Int32Array;
  protected readonly to: Int32Array;
  /** Tree of a labelled node, named by its first root. */
  protected readonly tree: Int32Array;
  /** Nodes that were labelled in each tree; some may be gone. */
  protected readonly nodes: (number[] | undefined)[];
  /** The tree ends at this Delta at the latest: an outer dual reaches 0. Nothing later concerns it. */
  protected readonly limit: Float64Array;
  protected readonly heap = new EventHeap();
  protected readonly leaves: number[] = [];
  protected delta = 0;
  /** Trees that have not ended. */
  protected open = 0;

  constructor(
    readonly graph: Adjacency,
    readonly forest: BlossomForest,
    /** Duals of the vertices, exact whenever no search is under way. */
    readonly y: Float64Array,
  ) {
    const { n } = graph;
    this.label = new Uint8Array(2 * n);
    this.since = new Float64Array(2 * n);
    this.from = new Int32Array(2 * n);
    this.to = new Int32Array(2 * n);
    this.tree = new Int32Array(2 * n);
    this.nodes = new Array<number[] | undefined>(n).fill(undefined);
    this.limit = new Float64Array(n).fill(Infinity);
  }

  /** Dual of v at this moment. */
  protected now(v: number): number {
    const b = this.forest.top(v);
    const label = this.label[b];
    if (label === OUT) return this.y[v];
    const moved = this.delta - this.since[b];
    return label === S ? this.y[v] - moved : this.y[v] + moved;
  }

  /** Writes the duals of node b down as they are now. */
  protected settle(b: number): void {
    const moved = this.delta - this.since[b];
    this.since[b] = this.delta;
    if (moved === 0 || this.label[b] === OUT) return;
    const step = this.label[b] === S ? -moved : moved;
    for (const v of this.forest.leaves(b, this.leaves)) this.y[v] += step;
    if (b >= this.forest.n) this.forest.z[b] -= 2 * step;
  }

  protected push(tree: number, time: number, a: number, b: number): void {
    if (time < this.limit[tree]) this.heap.push(time, a, b);
  }

  protected assignOuter(b: number, tree: number): void {
    this.label[b] = S;
    this.since[b] = this.delta;
    this.tree[b] = tree;
    this.nodes[tree]!.push(b);
    if (b < this.forest.n) this.scanOuter(b);
    else for (const v of this.forest.leaves(b, [])) this.scanOuter(v);
  }

  /** Vertex v has just become outer: what can its edges bring about? */
  protected scanOuter(v: number): void {
    const { start, nbr, wt } = this.graph;
    const { forest } = this;
    const own = forest.top(v);
    const tree = this.tree[own];
    const y = this.now(v);
    if (this.delta + y < this.limit[tree]) {
      this.limit[tree] = this.delta + y;
      this.heap.push(this.delta + y, ZERO, v);
    }
    for (let e = start[v]; e < start[v + 1]; e++) {
      const b = forest.top(nbr[e]);
      const label = this.label[b];
      if (b === own || label === T) continue;
      const slack = y + this.now(nbr[e]) - wt[e];
      this.push(tree, this.delta + (label === S ? slack / 2 : slack), v, e);
    }
  }

  /** Node b left its tree: outer vertices may reach it (again). */
  protected offerOutside(b: number): void {
    const { start, nbr, wt } = this.graph;
    const { forest } = this;
    for (const v of forest.leaves(b, this.leaves))
      for (let e = start[v]; e < start[v + 1]; e++) {
        const u = nbr[e];
        const bu = forest.top(u);
        if (this.label[bu] !== S) continue;
        const time = this.delta + this.y[v] + this.now(u) - wt[e];
        // The event is the edge as seen from the outer vertex.
        if (time < this.limit[this.tree[bu]]) this.heap.push(time, u, this.graph.back[e]);
      }
  }

  /** Writes the duals of a whole tree down, and returns its outermost nodes. */
  protected settleTree(tree: number): number[] {
    const { forest } = this;
    const nodes: number[] = [];
    for (const b of this.nodes[tree]!) {
      // Gone, inside another, or listed twice.
      if (forest.parent[b] >= 0 || forest.base[b] < 0 || this.tree[b] !== tree || this.label[b] === OUT)
        continue;
      this.settle(b);
      this.tree[b] = -1;
      nodes.push(b);
    }
    this.nodes[tree] = undefined;
    this.open--;
    return nodes;
  }
}
