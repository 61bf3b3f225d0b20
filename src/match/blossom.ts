import type { Adjacency } from './blossom-forest.ts';
import { BlossomForest } from './blossom-forest.ts';
import { EventHeap } from './event-heap.ts';

const OUT = 0;
const S = 1;
const T = 2;
/** Kinds of events that are no edges, in the heap's first word. */
const EXPAND = -1;

export interface BlossomOptions {
  /** f64[n]: feasible duals to start from, multiples of 1/2: y_u + y_v >= w, y >= 0. Default: half of each vertex's heaviest edge. */
  readonly y?: Float64Array | undefined;
  /** Called now and then with the number of searches done and known to come. */
  readonly progress?: ((done: number, all: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Maximum-weight matching of a general graph by the primal-dual method (Edmonds 1965; in the manner of Galil 1986 with an event heap),
 * one alternating tree at a time: from a free vertex of positive dual a tree grows along tight edges while the duals inside move
 * by Delta, kept lazily as (value, since when). It ends at another free vertex, or at an outer vertex whose dual reached 0 and which
 * takes over being free. Only the tree is touched, so a good start makes most searches short.
 *
 * Weights are integers below 2^50 and duals multiples of 1/2, so float64 is exact: outer duals of one tree agree modulo 1, hence the
 * slack between two of them is an integer, and half of it a multiple of 1/2.
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
  /** Earliest event already in the heap by which an outside node would join. */
  readonly #best: Float64Array;
  readonly #asked: number[] = [];
  readonly #touched: number[] = [];
  readonly #mark: Int32Array;
  #marks = 0;
  readonly #heap = new EventHeap();
  readonly #leaves: number[] = [];
  #delta = 0;
  /** The search ends here at the latest: at this Delta, by this edge (u, position in nbr), or at this vertex of dual 0. */
  #limit = Infinity;
  #endVertex = -1;
  #endEdge = -1;

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
    this.#best = new Float64Array(2 * n).fill(Infinity);
    this.#mark = new Int32Array(2 * n);
    const y = options.y?.slice() ?? new Float64Array(n);
    this.y = y;
    if (options.y === undefined)
      for (let i = 0; i < n; i++)
        for (let e = start[i]; e < start[i + 1]; e++) y[i] = Math.max(y[i], wt[e] / 2);
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

  /** Searches from every free vertex of positive dual. @throws the signal's reason when aborted. */
  solve(): void {
    const { mate } = this.forest;
    const roots: number[] = [];
    for (let i = 0; i < this.graph.n; i++) if (mate[i] < 0 && this.y[i] > 0) roots.push(i);
    let last = performance.now();
    roots.forEach((root, k) => {
      if (mate[root] >= 0 || this.y[root] === 0) return;
      this.#search(root);
      this.searches++;
      if ((k & 15) !== 0) return;
      this.options.signal?.throwIfAborted();
      const now = performance.now();
      if (now - last < 200) return;
      last = now;
      this.options.progress?.(k + 1, roots.length);
    });
    this.options.signal?.throwIfAborted();
  }

  #search(root: number): void {
    const heap = this.#heap;
    heap.clear();
    this.#delta = 0;
    this.#limit = Infinity;
    this.#assignOuter(this.forest.top(root));
    while (heap.next < this.#limit) {
      this.#delta = heap.next;
      const { a, b } = heap;
      heap.pop();
      if (a === EXPAND) this.#expandInner(b);
      else this.#meet(a, b);
    }
    this.#delta = this.#limit;
    this.#finish();
  }

  /** Edge (u, nbr[e]) may have become tight; u is outer. */
  #meet(u: number, e: number): void {
    const { forest } = this;
    const { base, mate, z } = forest;
    const v = this.graph.nbr[e];
    const bu = forest.top(u);
    const bv = forest.top(v);
    if (bu === bv || this.#label[bv] === T || this.#now(u) + this.#now(v) !== this.graph.wt[e]) return;
    if (this.#label[bv] === S) {
      this.#shrink(u, v);
      return;
    }
    this.#label[bv] = T;
    this.#since[bv] = this.#delta;
    this.#from[bv] = u;
    this.#to[bv] = v;
    this.#touched.push(bv);
    if (bv >= forest.n) this.#push(this.#delta + z[bv] / 2, EXPAND, bv);
    this.#assignOuter(forest.top(mate[base[bv]]));
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

  #push(time: number, a: number, b: number): void {
    if (time < this.#limit) this.#heap.push(time, a, b);
  }

  #assignOuter(b: number): void {
    this.#label[b] = S;
    this.#since[b] = this.#delta;
    this.#touched.push(b);
    if (b < this.forest.n) this.#scanOuter(b);
    else for (const v of this.forest.leaves(b, [])) this.#scanOuter(v);
  }

  /** Vertex v has just become outer: what can its edges bring about? */
  #scanOuter(v: number): void {
    const { start, nbr, wt } = this.graph;
    const { forest } = this;
    const own = forest.top(v);
    const y = this.#now(v);
    if (this.#delta + y < this.#limit) {
      this.#limit = this.#delta + y;
      this.#endVertex = v;
      this.#endEdge = -1;
    }
    for (let e = start[v]; e < start[v + 1]; e++) {
      const b = forest.top(nbr[e]);
      if (b === own) continue;
      const label = this.#label[b];
      if (label === OUT) this.#offer(v, e, b, this.#delta + y + this.y[nbr[e]] - wt[e]);
      else if (label === S) this.#push(this.#delta + (y + this.#now(nbr[e]) - wt[e]) / 2, v, e);
    }
  }

  /** The outside node b can be reached from outer u over edge e at `time`. */
  #offer(u: number, e: number, b: number, time: number): void {
    if (time >= this.#limit || time >= this.#best[b]) return;
    const { mate, base } = this.forest;
    if (mate[base[b]] < 0) {
      this.#limit = time;
      this.#endVertex = u;
      this.#endEdge = e;
      return;
    }
    if (this.#best[b] === Infinity) this.#asked.push(b);
    this.#best[b] = time;
    this.#heap.push(time, u, e);
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
    this.#touched.push(made);
    for (const w of fresh) this.#scanOuter(w);
  }

  /** The dual of an inner blossom reached 0: it falls apart. The even way from its entry to its base stays in the tree. */
  #expandInner(b: number): void {
    const { forest } = this;
    // A blossom that is no longer there, or a later one of the same number.
    if (forest.children[b] === undefined || forest.parent[b] >= 0 || this.#label[b] !== T) return;
    if (this.#delta !== this.#since[b] + forest.z[b] / 2) return;
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
      this.#touched.push(c);
      if (c < forest.n) return;
      forest.z[c] += 2 * moved;
      this.#push(since + forest.z[c] / 2, EXPAND, c);
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
      this.#best[c] = Infinity;
      for (const v of forest.leaves(c, this.#leaves)) this.y[v] += moved;
    }
    for (const c of outer) this.#assignOuter(c);
    for (const c of children) if (!inTree.has(c)) this.#offerOutside(c);
  }

  /** Node b left the tree: outer vertices may reach it again. */
  #offerOutside(b: number): void {
    const { start, nbr, wt } = this.graph;
    const { forest } = this;
    for (const v of forest.leaves(b, this.#leaves))
      for (let e = start[v]; e < start[v + 1]; e++) {
        const u = nbr[e];
        if (this.#label[forest.top(u)] !== S) continue;
        const time = this.#delta + this.y[v] + this.#now(u) - wt[e];
        if (time < this.#limit && time < this.#best[b]) this.#offer(u, this.#reverse(u, v), b, time);
      }
  }

  /** Position of v among the neighbours of u. */
  #reverse(u: number, v: number): number {
    return this.graph.nbr.indexOf(v, this.graph.start[u]);
  }

  /** Settles the tree and flips the path that the search found. */
  #finish(): void {
    const { forest } = this;
    const { mate, base } = forest;
    for (const b of this.#touched) if (forest.parent[b] < 0 && base[b] >= 0) this.#settle(b);
    let s = this.#endVertex;
    let partner = -1;
    if (this.#endEdge >= 0) {
      partner = this.graph.nbr[this.#endEdge];
      forest.rebase(forest.top(partner), partner);
      mate[partner] = s;
    }
    for (;;) {
      const b = forest.top(s);
      const inner = mate[base[b]];
      forest.rebase(b, s);
      mate[s] = partner;
      if (inner < 0) break;
      const t = forest.top(inner);
      partner = this.#to[t];
      forest.rebase(t, partner);
      s = this.#from[t];
      mate[partner] = s;
    }
    for (const b of this.#touched) this.#label[b] = OUT;
    for (const b of this.#asked) this.#best[b] = Infinity;
    const loose = this.#touched.filter((b) => b >= forest.n);
    for (let b = loose.pop(); b !== undefined; b = loose.pop())
      if (forest.children[b] !== undefined && forest.parent[b] < 0 && forest.z[b] === 0)
        loose.push(...forest.dissolve(b));
    this.#touched.length = 0;
    this.#asked.length = 0;
  }
}
