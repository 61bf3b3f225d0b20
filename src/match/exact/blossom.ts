import type { Adjacency } from './blossom-forest.ts';
import { BlossomForest } from './blossom-forest.ts';
import { freshStart, warmStart } from './blossom-start.ts';
import { AlternatingTrees, EXPAND, OUT, S, T, ZERO } from './blossom-trees.ts';

export interface BlossomOptions {
  /** f64[n]: duals to start from, at best near the optimum; made whole and feasible here. Default: half of each vertex's heaviest edge. */
  readonly y?: Float64Array | undefined;
  /** A solved problem to start from instead, of the same vertices and some of the edges. It is taken over: its forest and duals move on. */
  readonly after?: BlossomSolver | undefined;
  /** Called now and then with the number of searches done and known to come. */
  readonly progress?: ((done: number, all: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Maximum-weight matching of a general graph by the primal-dual method (Edmonds 1965; with an event heap in the manner of Galil 1986
 * and of Mehlhorn and Schaefer 2002). Alternating trees grow from all free vertices of positive dual at once, along tight edges, while
 * the duals inside move with Delta. A tree ends where it meets another or a free vertex of dual 0, or where the dual of one of its outer
 * vertices reaches 0, which then takes over being free; only the trees concerned fall apart.
 *
 * Weights are integers below 2^50, duals are multiples of 1/2, and those of free vertices start whole. Tight edges carry this on: outer
 * duals are -Delta modulo 1 in every tree, so two outer vertices are a whole number apart from being tight, Delta and all duals stay
 * multiples of 1/2, and float64 is exact.
 */
export class BlossomSolver extends AlternatingTrees {
  /** Searches so far. */
  searches = 0;
  readonly #mark: Int32Array;
  #marks = 0;
  constructor(
    graph: Adjacency,
    readonly options: BlossomOptions = {},
  ) {
    const { after, y } = options;
    super(
      graph,
      after?.forest ?? new BlossomForest(graph.n),
      after?.y ?? y?.map(Math.ceil) ?? new Float64Array(graph.n),
    );
    if (after !== undefined) warmStart(graph, this.forest, this.y);
    else freshStart(graph, this.forest, this.y, y === undefined);
    this.#mark = new Int32Array(2 * graph.n);
  }

  /** @throws the signal's reason when aborted; the solver is then of no more use. */
  solve(): void {
    const { forest, heap } = this;
    const roots: number[] = [];
    for (let i = 0; i < this.graph.n; i++) if (forest.mate[i] < 0 && this.y[i] > 0) roots.push(i);
    this.searches = this.open = roots.length;
    // All roots are outer before the first of them is scanned, so that an edge between two is seen as what it is.
    for (const i of roots) {
      this.nodes[i] = [];
      this.label[forest.top(i)] = S;
    }
    for (const i of roots) this.assignOuter(forest.top(i), i);
    let last = performance.now();
    for (let events = 0; this.open > 0 && heap.size > 0; events++) {
      if ((events & 1023) === 0) {
        this.options.signal?.throwIfAborted();
        const now = performance.now();
        if (now - last > 50) {
          last = now;
          this.options.progress?.(roots.length - this.open, roots.length);
        }
      }
      this.delta = heap.next;
      const { a, b } = heap;
      heap.pop();
      if (a === EXPAND) this.#expandInner(b);
      else if (a === ZERO) this.#reachZero(b);
      else this.#meet(a, b);
    }
    this.options.signal?.throwIfAborted();
  }

  /** The dual of outer vertex v may have reached 0: it becomes the free one of its tree. */
  #reachZero(v: number): void {
    const b = this.forest.top(v);
    if (this.label[b] !== S || this.now(v) !== 0) return;
    const tree = this.tree[b];
    const nodes = this.settleTree(tree);
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
    if (bu === bv || this.label[bu] !== S || this.label[bv] === T) return;
    if (this.now(u) + this.now(v) !== this.graph.wt[e]) return;
    const tree = this.tree[bu];
    if (this.label[bv] === S) {
      if (this.tree[bv] === tree) {
        this.#shrink(u, v);
        return;
      }
      const nodes = [...this.settleTree(tree), ...this.settleTree(this.tree[bv])];
      this.#flip(u, v);
      this.#flip(v, u);
      this.#fallApart(nodes);
      return;
    }
    if (mate[base[bv]] < 0) {
      const nodes = this.settleTree(tree);
      this.#flip(u, v);
      forest.rebase(bv, v);
      mate[v] = u;
      this.#fallApart(nodes);
      return;
    }
    this.label[bv] = T;
    this.since[bv] = this.delta;
    this.from[bv] = u;
    this.to[bv] = v;
    this.tree[bv] = tree;
    this.nodes[tree]!.push(bv);
    if (bv >= forest.n) this.push(tree, this.delta + z[bv] / 2, EXPAND, bv);
    this.assignOuter(forest.top(mate[base[bv]]), tree);
  }

  /** Outer node above b in the tree, by way of the inner one in between; -1 for the root. */
  #above(b: number): number {
    const { forest } = this;
    const m = forest.mate[forest.base[b]];
    return m < 0 ? -1 : forest.top(this.from[forest.top(m)]);
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
        inner.push(base[c], this.to[t]);
        outer.push(mate[base[c]], this.from[t]);
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
    if (this.label[main] === T) this.settle(main);
    const since = this.since[main];
    const fresh: number[] = [];
    for (const c of children) {
      const label = this.label[c];
      const moved = this.delta - this.since[c];
      const sign = label === S ? -1 : 1;
      if (c >= forest.n) forest.z[c] -= 2 * sign * moved;
      const lift = sign * moved + this.delta - since;
      if (c !== main || label === T)
        for (const w of forest.leaves(c, this.leaves)) {
          if (c !== main) this.y[w] += lift;
          if (label === T) fresh.push(w);
        }
      this.label[c] = OUT;
    }
    const made = forest.make(children, linkA, linkB);
    this.label[made] = S;
    this.since[made] = since;
    forest.z[made] = -2 * (this.delta - since);
    this.tree[made] = this.tree[main];
    this.nodes[this.tree[made]]!.push(made);
    for (const w of fresh) this.scanOuter(w);
  }

  /** The dual of an inner blossom reached 0: it falls apart. The even way from its entry to its base stays in the tree. */
  #expandInner(b: number): void {
    const { forest } = this;
    // A blossom that is no longer there, or a later one of the same number.
    if (forest.children[b] === undefined || forest.parent[b] >= 0 || this.label[b] !== T) return;
    if (this.delta !== this.since[b] + forest.z[b] / 2) return;
    const tree = this.tree[b];
    const from = this.from[b];
    const to = this.to[b];
    const entry = forest.childWith(b, to);
    const linkA = forest.linkA[b]!;
    const linkB = forest.linkB[b]!;
    const since = this.since[b];
    const moved = this.delta - since;
    this.label[b] = OUT;
    const children = forest.dissolve(b);
    const k = children.length;
    const outer: number[] = [];
    const inTree = new Set<number>();
    const makeInner = (c: number, p: number, q: number) => {
      inTree.add(c);
      this.label[c] = T;
      // Its vertices stay inner: their duals go on as they are written.
      this.since[c] = since;
      this.from[c] = p;
      this.to[c] = q;
      this.tree[c] = tree;
      this.nodes[tree]!.push(c);
      if (c < forest.n) return;
      forest.z[c] += 2 * moved;
      this.push(tree, since + forest.z[c] / 2, EXPAND, c);
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
      if (this.label[c] === T && inTree.has(c)) continue;
      this.label[c] = OUT;
      for (const v of forest.leaves(c, this.leaves)) this.y[v] += moved;
    }
    for (const c of outer) this.assignOuter(c, tree);
    for (const c of children) if (!inTree.has(c)) this.offerOutside(c);
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
      partner = this.to[t];
      forest.rebase(t, partner);
      s = this.from[t];
      mate[partner] = s;
    }
  }

  /** Nodes of trees that ended are outside again; blossoms of dual 0 are of no more use. */
  #fallApart(nodes: number[]): void {
    const { forest } = this;
    for (const b of nodes) this.label[b] = OUT;
    const outside: number[] = [];
    for (let b = nodes.pop(); b !== undefined; b = nodes.pop())
      if (b >= forest.n && forest.z[b] === 0)
        for (const c of forest.dissolve(b)) {
          this.label[c] = OUT;
          nodes.push(c);
        }
      else outside.push(b);
    for (const b of outside) this.offerOutside(b);
  }
}
