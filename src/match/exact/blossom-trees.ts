import type { Amount, Amounts, Arithmetic } from './amounts.ts';
import type { Adjacency, BlossomForest } from './blossom-forest.ts';
import { EventHeap } from './event-heap.ts';

/**
 * Labels of outermost nodes: in no tree; outer (at an even distance from the root); inner (at an
 * odd distance).
 */
export const OUT = 0;
export const OUTER = 1;
export const INNER = 2;
/** Events that are no edges, in the first word of the heap. */
export const EXPAND = -1;
export const ZERO = -2;

/**
 * The alternating trees of a primal-dual search and the duals that move with them. A dual is stored
 * as a value and the Delta at which it was written, so that a step of Delta costs nothing. Future
 * events wait in a heap.
 */
export class AlternatingTrees<A extends Amount, V extends Amounts<A>> {
  protected readonly label: Uint8Array;
  /** Delta at which the duals of a labelled node were written. */
  protected readonly since: Amounts<A>;
  /** The tree edge that made a node inner: from the outer vertex, to the inner vertex. */
  protected readonly from: Int32Array;
  protected readonly to: Int32Array;
  /** Tree of a labelled node, named by its first root. */
  protected readonly tree: Int32Array;
  /** Nodes that were labelled in each tree. Some may no longer exist. */
  protected readonly nodes: (number[] | undefined)[];
  /**
   * Delta at which an outer dual of the tree reaches 0, which ends the tree. Infinity while no
   * vertex is outer.
   */
  protected readonly limit: (A | number)[];
  protected readonly heap: EventHeap<A, V>;
  protected readonly leaves: number[] = [];
  protected delta: A;
  /** Trees that have not ended. */
  protected open = 0;

  /** @param y duals of the vertices; written. Exact whenever no search is running. */
  constructor(
    readonly arithmetic: Arithmetic<A, V>,
    readonly graph: Adjacency<V>,
    readonly forest: BlossomForest<A, V>,
    readonly y: V & Amounts<A>,
  ) {
    const { n } = graph;
    this.heap = new EventHeap(arithmetic);
    this.delta = arithmetic.zero;
    this.label = new Uint8Array(2 * n);
    this.since = arithmetic.zeros(2 * n);
    this.from = new Int32Array(2 * n);
    this.to = new Int32Array(2 * n);
    this.tree = new Int32Array(2 * n);
    this.nodes = new Array<number[] | undefined>(n).fill(undefined);
    this.limit = new Array<A | number>(n).fill(Infinity);
  }

  /** Dual of vertex v at this Delta. */
  protected now(v: number): A {
    const { add, sub } = this.arithmetic;
    const b = this.forest.top(v);
    const label = this.label[b];
    if (label === OUT) return this.y[v];
    const moved = sub(this.delta, this.since[b]);
    return label === OUTER ? sub(this.y[v], moved) : add(this.y[v], moved);
  }

  /** Writes the duals of node b as they are at this Delta. */
  protected settle(b: number): void {
    const { zero, add, sub } = this.arithmetic;
    const moved = sub(this.delta, this.since[b]);
    this.since[b] = this.delta;
    if (moved === zero || this.label[b] === OUT) return;
    const step = this.label[b] === OUTER ? sub(zero, moved) : moved;
    const y: Amounts<A> = this.y;
    for (const v of this.forest.leaves(b, this.leaves)) y[v] = add(y[v], step);
    if (b >= this.forest.n) this.raise(b, sub(zero, add(step, step)));
  }

  /** Adds an amount to the dual of blossom b. */
  protected raise(b: number, amount: A): void {
    const z: Amounts<A> = this.forest.z;
    z[b] = this.arithmetic.add(z[b], amount);
  }

  protected push(tree: number, time: A, a: number, b: number): void {
    if (time < this.limit[tree]) this.heap.push(time, a, b);
  }

  protected assignOuter(b: number, tree: number): void {
    this.label[b] = OUTER;
    this.since[b] = this.delta;
    this.tree[b] = tree;
    this.nodes[tree]!.push(b);
    if (b < this.forest.n) this.scanOuter(b);
    else for (const v of this.forest.leaves(b, [])) this.scanOuter(v);
  }

  /** Pushes the events that the edges of vertex v can cause, now that v is outer. */
  protected scanOuter(v: number): void {
    const { add, sub, half } = this.arithmetic;
    const { start, nbr } = this.graph;
    const wt: Amounts<A> = this.graph.wt;
    const { forest } = this;
    const own = forest.top(v);
    const tree = this.tree[own];
    const y = this.now(v);
    const zero = add(this.delta, y);
    if (zero < this.limit[tree]) {
      this.limit[tree] = zero;
      this.heap.push(zero, ZERO, v);
    }
    for (let e = start[v]; e < start[v + 1]; e++) {
      const b = forest.top(nbr[e]);
      const label = this.label[b];
      if (b === own || label === INNER) continue;
      const slack = sub(add(y, this.now(nbr[e])), wt[e]);
      this.push(tree, add(this.delta, label === OUTER ? half(slack) : slack), v, e);
    }
  }

  /** Pushes the edges over which outer vertices may reach node b, now that it has left its tree. */
  protected offerOutside(b: number): void {
    const { add, sub } = this.arithmetic;
    const { start, nbr } = this.graph;
    const wt: Amounts<A> = this.graph.wt;
    const { forest } = this;
    for (const v of forest.leaves(b, this.leaves))
      for (let e = start[v]; e < start[v + 1]; e++) {
        const u = nbr[e];
        const bu = forest.top(u);
        if (this.label[bu] !== OUTER) continue;
        const time = sub(add(add(this.delta, this.y[v]), this.now(u)), wt[e]);
        // The event is the edge as its outer vertex sees it.
        this.push(this.tree[bu], time, u, this.graph.back[e]);
      }
  }

  /** Writes the duals of a whole tree, ends it, and returns its outermost nodes. */
  protected settleTree(tree: number): number[] {
    const { forest } = this;
    const nodes: number[] = [];
    for (const b of this.nodes[tree]!) {
      // Skip nodes that are dissolved, inside another node, or listed twice.
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
