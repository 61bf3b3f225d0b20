import type { Adjacency } from './blossom-forest.ts';
import { BlossomForest } from './blossom-forest.ts';
import { EventHeap } from './event-heap.ts';

const OUT = 0;
const S = 1;
const T = 2;
/** Kinds of events that are no edges, in the heap's first word. */
const EXPAND = -1;
const ZERO = -2;

export interface BlossomOptions {
  /** f64[n]: duals to start from, at best near the optimum; made whole and feasible here. Default: half of each vertex's heaviest edge. */
  readonly y?: Float64Array | undefined;
  /** Called now and then with the number of searches done and known to come. */
  readonly progress?: ((done: number, all: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Maximum-weight matching of a general graph by the primal-dual method (Edmonds 1965; with an event heap in the manner of Galil 1986
 * and of Mehlhorn and Schaefer 2002). Alternating trees grow from all free vertices of positive dual at once, along tight edges, while
 * the duals inside move with Delta, kept lazily as (value, since when). A tree ends where it meets another or a free vertex of dual 0,
 * or where the dual of one of its outer vertices reaches 0, which then takes over being free; only the trees concerned fall apart.
 *
 * Weights are integers below 2^50, and duals start whole. Then outer duals are -Delta modulo 1 in every tree, so Delta and all duals are
 * multiples of 1/2 for ever, and float64 is exact.
 */
export class BlossomSolver {
  readonly forest: BlossomForest;
  /** Duals of the vertices, exact whenever no search is under way. */
  readonly y: Float64Array;
  /** Searches so far. */
  searches = 0;
  readonly #label: Uint8Array;
  readonly #since: Float64Array;
  /** Tree edge that made a node inner: from the outer vertex, to the inner one. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** Tree of a labelled node, named by its first root. */
  readonly #tree: Int32Array;
  /** Nodes that were labelled in each tree; some may be gone. */
  readonly #nodes: (number[] | undefined)[];
  /** The tree ends at this Delta at the latest: an outer dual reaches 0. Nothing later concerns it. */
  readonly #limit: Float64Array;
  readonly #mark: Int32Array;
  #marks = 0;
  readonly #heap = new EventHeap();
  readonly #leaves: number[] = [];
  #delta = 0;
  /** Trees that have not ended. */
  #open = 0;
  constructor(
    readonly graph: Adjacency,
    readonly options: BlossomOptions = {},
  ) {
    const { n, start, nbr, wt } = graph;
    this.forest = new BlossomForest(n);
    this.#label = new Uint8Array(2 * n);
    this.#since = new Float64Array(2 * n);
    this.#from = new Int32Array(2 * n);
    this.#to = new Int32Array(2 * n);
    this.#tree = new Int32Array(2 * n);
    this.#nodes = new Array<number[] | undefined>(n).fill(undefined);
    this.#limit = new Float64Array(n).fill(Infinity);
    this.#mark = new Int32Array(2 * n);
    const y = options.y?.map(Math.ceil) ?? new Float64Array(n);
    this.y = y;
    if (options.y === undefined)
      for (let i = 0; i < n; i++)
        for (let e = start[i]; e < start[i + 1]; e++) y[i] = Math.max(y[i], Math.ceil(wt[e] / 2));
    // Lower every dual to what its edges ask for, then pair along tight edges.
    const { mate } = this.forest;
    for (let i = 0; i < n; i++) {
      let need = 0;
      for (let e = start[i]; e < start[i + 1]; e++) need = Math.max(need, wt[e] - y[nbr[e]]);
      y[i] = need;
    }
    for (let i = 0; i < n; i++)
      for (let e = start[i]; e < start[i + 1] && mate[i] < 0; e++)
        if (mate[nbr[e]] < 0 && y[i] + y[nbr[e]] === wt[e]) {
          mate[i] = nbr[e];
          mate[nbr[e]] = i;
        }
  }

  /** @throws the signal's reason when aborted. */
  solve(): void {
    const { forest } = this;
    const heap = this.#heap;
    let trees = 0;
    for (let i = 0; i < this.graph.n; i++) {
      if (forest.mate[i] >= 0 || this.y[i] === 0) continue;
      this.#nodes[i] = [];
      trees++;
    }
    // All roots are outer before the first of them is scanned, so that an edge between two is seen as what it is.
    this.#open = trees;
    for (let i = 0; i < this.graph.n; i++) if (this.#nodes[i] !== undefined) this.#label[i] = S;
    for (let i = 0; i < this.graph.n; i++) if (this.#nodes[i] !== undefined) this.#assignOuter(i, i);
    let last = performance.now();
    for (let events = 0; this.#open > 0 && heap.size > 0; events++) {
      if ((events & 1023) === 0) {
        this.options.signal?.throwIfAborted();
        const now = performance.now();
        if (now - last > 200) {
          last = now;
          this.options.progress?.(trees - this.#open, trees);
        }
      }
      this.#delta = heap.next;
      const { a, b } = heap;
      heap.pop();
      if (a === EXPAND) this.#expandInner(b);
      else if (a === ZERO) this.#reachZero(b);
      else this.#meet(a, b);
    }
    this.searches = trees;
    this.options.signal?.throwIfAborted();
  }

  /** The dual of outer vertex v may have reached 0: it becomes the free one of its tree. */
  #reachZero(v: number): void {
    const b = this.forest.top(v);
    if (this.#label[b] !== S || this.#now(v) !== 0) return;
    const tree = this.#tree[b];
    const nodes = this.#settleTree(tree);
    this.#flip(v, -1);
    this.#fallApart(nodes);
  }

  /** Edge (u, nbr[e]) may have become tight. */
  #meet(u: number, e: number): void {
    const { forest } = this;
    const { base, mate, z } = forest;
    const v = this.graph.nbr[e];
    const bu = forest.top(u);
    const bv = forest.top(v);
    if (bu === bv || this.#label[bu] !== S || this.#label[bv] === T) return;
    if (this.#now(u) + this.#now(v) !== this.graph.wt[e]) return;
    const tree = this.#tree[bu];
    if (this.#label[bv] === S) {
      if (this.#tree[bv] === tree) {
        this.#shrink(u, v);
        return;
      }
      const nodes = [...this.#settleTree(tree), ...this.#settleTree(this.#tree[bv])];
      this.#flip(u, v);
      this.#flip(v, u);
      this.#fallApart(nodes);
      return;
    }
    if (mate[base[bv]] < 0) {
      const nodes = this.#settleTree(tree);
      this.#flip(u, v);
      forest.rebase(bv, v);
      mate[v] = u;
      this.#fallApart(nodes);
      return;
    }
    this.#label[bv] = T;
    this.#since[bv] = this.#delta;
    this.#from[bv] = u;
    this.#to[bv] = v;
    this.#tree[bv] = tree;
    this.#nodes[tree]!.push(bv);
    if (bv >= forest.n) this.#push(tree, this.#delta + z[bv] / 2, EXPAND, bv);
    this.#assignOuter(forest.top(mate[base[bv]]), tree);
  }

  /** Dual of v at this moment. */
  #now(v: number): number {
    const b = this.forest.top(v);
    const label = this.#label[b];
    if (label === OUT) return this.y[v];
    const moved = this.#delta - this.#since[b];
    return label === S ? this.y[v] - moved : this.y[v] + moved;
  }

  /** Writes the duals of node b down as they are now. */
  #settle(b: number): void {
    const moved = this.#delta - this.#since[b];
    this.#since[b] = this.#delta;
    if (moved === 0 || this.#label[b] === OUT) return;
    const step = this.#label[b] === S ? -moved : moved;
    for (const v of this.forest.leaves(b, this.#leaves)) this.y[v] += step;
    if (b >= this.forest.n) this.forest.z[b] -= 2 * step;
  }

  #push(tree: number, time: number, a: number, b: number): void {
    if (time < this.#limit[tree]) this.#heap.push(time, a, b);
  }

  #assignOuter(b: number, tree: number): void {
    this.#label[b] = S;
    this.#since[b] = this.#delta;
    this.#tree[b] = tree;
    this.#nodes[tree]!.push(b);
    if (b < this.forest.n) this.#scanOuter(b);
    else for (const v of this.forest.leaves(b, [])) this.#scanOuter(v);
  }

  /** Vertex v has just become outer: what can its edges bring about? */
  #scanOuter(v: number): void {
    const { start, nbr, wt } = this.graph;
    const { forest } = this;
    const own = forest.top(v);
    const tree = this.#tree[own];
    const y = this.#now(v);
    if (this.#delta + y < this.#limit[tree]) {
      this.#limit[tree] = this.#delta + y;
      this.#heap.push(this.#delta + y, ZERO, v);
    }
    for (let e = start[v]; e < start[v + 1]; e++) {
      const b = forest.top(nbr[e]);
      const label = this.#label[b];
      if (b === own || label === T) continue;
      const slack = y + this.#now(nbr[e]) - wt[e];
      this.#push(tree, this.#delta + (label === S ? slack / 2 : slack), v, e);
    }
  }

  /** Outer node above b in the tree, by way of the inner one in between; -1 for the root. */
  #above(b: number): number {
    const { forest } = this;
    const m = forest.mate[forest.base[b]];
    return m < 0 ? -1 : forest.top(this.#from[forest.top(m)]);
  }

  /** The tight edge (u, v) joins two outer nodes of the tree: its cycle becomes a blossom. */
  #shrink(u: number, v: number): void {
    const { forest } = this;
    const { mate, base } = forest;
    // Both climb in turn until one stands where the other was.
    this.#marks++;
    let a = forest.top(u);
    let b = forest.top(v);
    for (;;) {
      if (a >= 0) {
        if (this.#mark[a] === this.#marks) break;
        this.#mark[a] = this.#marks;
        a = this.#above(a);
      }
      [a, b] = [b, a];
    }
    const top = a;
    const up = (from: number) => {
      const nodes: number[] = [];
      const inner: number[] = [];
      const outer: number[] = [];
      for (let c = from; c !== top; c = this.#above(c)) {
        const t = forest.top(mate[base[c]]);
        // Links from below upwards: the matched one, then the tree edge.
        nodes.push(c, t);
        inner.push(base[c], this.#to[t]);
        outer.push(mate[base[c]], this.#from[t]);
      }
      return { nodes, inner, outer };
    };
    const left = up(forest.top(u));
    const right = up(forest.top(v));
    const children = [top, ...left.nodes.reverse(), ...right.nodes];
    const linkA = [...left.outer.reverse(), u, ...right.inner];
    const linkB = [...left.inner.reverse(), v, ...right.outer];
    // The largest child keeps its duals as they are written, if it is outer already; the others are written as seen from there.
    const main = forest.heaviest(children);
    if (this.#label[main] === T) this.#settle(main);
    const since = this.#since[main];
    const fresh: number[] = [];
    for (const c of children) {
      const label = this.#label[c];
      const moved = this.#delta - this.#since[c];
      const sign = label === S ? -1 : 1;
      if (c >= forest.n) forest.z[c] -= 2 * sign * moved;
      const lift = sign * moved + this.#delta - since;
      if (c !== main || label === T)
        for (const w of forest.leaves(c, this.#leaves)) {
          if (c !== main) this.y[w] += lift;
          if (label === T) fresh.push(w);
        }
      this.#label[c] = OUT;
    }
    const made = forest.make(children, linkA, linkB);
    this.#label[made] = S;
    this.#since[made] = since;
    forest.z[made] = -2 * (this.#delta - since);
    this.#tree[made] = this.#tree[main];
    this.#nodes[this.#tree[made]]!.push(made);
    for (const w of fresh) this.#scanOuter(w);
  }

  /** The dual of an inner blossom reached 0: it falls apart. The even way from its entry to its base stays in the tree. */
  #expandInner(b: number): void {
    const { forest } = this;
    // A blossom that is no longer there, or a later one of the same number.
    if (forest.children[b] === undefined || forest.parent[b] >= 0 || this.#label[b] !== T) return;
    if (this.#delta !== this.#since[b] + forest.z[b] / 2) return;
    const tree = this.#tree[b];
    const from = this.#from[b];
    const to = this.#to[b];
    const entry = forest.childWith(b, to);
    const linkA = forest.linkA[b]!;
    const linkB = forest.linkB[b]!;
    const since = this.#since[b];
    const moved = this.#delta - since;
    this.#label[b] = OUT;
    const children = forest.dissolve(b);
    const k = children.length;
    const outer: number[] = [];
    const inTree = new Set<number>();
    const makeInner = (c: number, p: number, q: number) => {
      inTree.add(c);
      this.#label[c] = T;
      // Its vertices stay inner: their duals go on as they are written.
      this.#since[c] = since;
      this.#from[c] = p;
      this.#to[c] = q;
      this.#tree[c] = tree;
      this.#nodes[tree]!.push(c);
      if (c < forest.n) return;
      forest.z[c] += 2 * moved;
      this.#push(tree, since + forest.z[c] / 2, EXPAND, c);
    };
    makeInner(children[entry], from, to);
    const step = entry % 2 === 1 ? 1 : -1;
    for (let i = entry; i !== 0 && i !== k; i += 2 * step) {
      const far = i + 2 * step;
      inTree.add(children[i + step]);
      outer.push(children[i + step]);
      // The unmatched link between i + step and far, from the outer side to the inner one.
      if (step > 0) makeInner(children[far % k], linkA[i + 1], linkB[i + 1]);
      else makeInner(children[far], linkB[far], linkA[far]);
    }
    for (const c of children) {
      if (this.#label[c] === T && inTree.has(c)) continue;
      this.#label[c] = OUT;
      for (const v of forest.leaves(c, this.#leaves)) this.y[v] += moved;
    }
    for (const c of outer) this.#assignOuter(c, tree);
    for (const c of children) if (!inTree.has(c)) this.#offerOutside(c);
  }

  /** Node b left its tree: outer vertices may reach it (again). */
  #offerOutside(b: number): void {
    const { start, nbr, wt } = this.graph;
    const { forest } = this;
    for (const v of forest.leaves(b, this.#leaves))
      for (let e = start[v]; e < start[v + 1]; e++) {
        const u = nbr[e];
        const bu = forest.top(u);
        if (this.#label[bu] !== S) continue;
        const time = this.#delta + this.y[v] + this.#now(u) - wt[e];
        // The event is the edge as seen from the outer vertex.
        if (time < this.#limit[this.#tree[bu]]) this.#heap.push(time, u, this.graph.back[e]);
      }
  }

  /** Writes the duals of a whole tree down, and returns its outermost nodes. */
  #settleTree(tree: number): number[] {
    const { forest } = this;
    const nodes: number[] = [];
    for (const b of this.#nodes[tree]!) {
      // Gone, inside another, or listed twice.
      if (forest.parent[b] >= 0 || forest.base[b] < 0 || this.#tree[b] !== tree || this.#label[b] === OUT)
        continue;
      this.#settle(b);
      this.#tree[b] = -1;
      nodes.push(b);
    }
    this.#nodes[tree] = undefined;
    this.#open--;
    return nodes;
  }

  /** Outer vertex s gets `partner` (-1: nobody), and everyone on the way to the root changes partners. */
  #flip(s: number, partner: number): void {
    const { forest } = this;
    const { mate, base } = forest;
    for (;;) {
      const b = forest.top(s);
      const inner = mate[base[b]];
      forest.rebase(b, s);
      mate[s] = partner;
      if (inner < 0) return;
      const t = forest.top(inner);
      partner = this.#to[t];
      forest.rebase(t, partner);
      s = this.#from[t];
      mate[partner] = s;
    }
  }

  /** Nodes of trees that ended are outside again; blossoms of dual 0 are of no more use. */
  #fallApart(nodes: number[]): void {
    const { forest } = this;
    for (const b of nodes) this.#label[b] = OUT;
    const outside: number[] = [];
    for (let b = nodes.pop(); b !== undefined; b = nodes.pop())
      if (b >= forest.n && forest.z[b] === 0)
        for (const c of forest.dissolve(b)) {
          this.#label[c] = OUT;
          nodes.push(c);
        }
      else outside.push(b);
    for (const b of outside) this.#offerOutside(b);
  }
}
