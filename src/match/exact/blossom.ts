import type { Amount, Amounts, Arithmetic } from './amounts.ts';
import type { Adjacency, BlossomForest } from './blossom-forest.ts';
import { AlternatingTrees, EXPAND, INNER, OUT, OUTER, ZERO } from './blossom-trees.ts';

export interface BlossomOptions {
  /** Called about every 50 ms with the number of searches that are done, and of all. */
  readonly progress?: ((done: number, all: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Maximum-weight matching of a general graph by the primal-dual method (Edmonds 1965; with an event
 * heap as in Galil 1986 and in Mehlhorn and Schaefer 2002). Alternating trees grow from all free
 * vertices of positive dual at once, along tight edges, while the duals inside move with Delta. A
 * tree ends where it meets another tree or a free vertex of dual 0. It also ends where the dual of
 * one of its outer vertices reaches 0: that vertex is then free instead of the root. Only the trees
 * concerned are dissolved.
 *
 * In float64, weights are whole numbers below 2^50, duals are multiples of 1/2, and the duals of
 * free vertices start whole. Tight edges keep outer duals at -Delta modulo 1 in every tree, so two
 * outer vertices are a whole number apart from being tight, Delta and all duals stay multiples of
 * 1/2, and every operation is exact. In BigInt the same holds with every weight and first dual
 * doubled.
 */
export class BlossomSolver<
  A extends Amount = number,
  V extends Amounts<A> = Float64Array & Amounts<A>,
> extends AlternatingTrees<A, V> {
  /** Searches so far. */
  searches = 0;
  readonly #mark: Int32Array;
  #marks = 0;

  /**
   * @param forest from `freshStart` or `warmStart`; written.
   * @param y feasible duals of the vertices; written.
   */
  constructor(
    arithmetic: Arithmetic<A, V>,
    graph: Adjacency<V>,
    forest: BlossomForest<A, V>,
    y: V & Amounts<A>,
    readonly options: BlossomOptions = {},
  ) {
    super(arithmetic, graph, forest, y);
    this.#mark = new Int32Array(2 * graph.n);
  }

  /** Makes the matching optimal. @throws the signal's reason; the solver is then unusable. */
  solve(): void {
    const { forest, heap } = this;
    const { zero } = this.arithmetic;
    const roots: number[] = [];
    for (let i = 0; i < this.graph.n; i++) if (forest.mate[i] < 0 && this.y[i] > zero) roots.push(i);
    this.searches = this.open = roots.length;
    // Label all roots before scanning one: an edge between two roots joins outer vertices.
    for (const i of roots) {
      this.nodes[i] = [];
      this.label[forest.top(i)] = OUTER;
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

  /**
   * Ends the tree of outer vertex v, whose dual may have reached 0, and makes v its free vertex.
   */
  #reachZero(v: number): void {
    const b = this.forest.top(v);
    if (this.label[b] !== OUTER || this.now(v) !== this.arithmetic.zero) return;
    const tree = this.tree[b];
    const nodes = this.settleTree(tree);
    this.#flip(v, -1);
    this.#fallApart(nodes);
  }

  /** Handles edge (u, nbr[e]), which may have become tight. */
  #meet(u: number, e: number): void {
    const { add, half } = this.arithmetic;
    const { forest } = this;
    const { base, mate, z } = forest;
    const v = this.graph.nbr[e];
    const bu = forest.top(u);
    const bv = forest.top(v);
    if (bu === bv || this.label[bu] !== OUTER || this.label[bv] === INNER) return;
    if (add(this.now(u), this.now(v)) !== this.graph.wt[e]) return;
    const tree = this.tree[bu];
    if (this.label[bv] === OUTER) {
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
    this.label[bv] = INNER;
    this.since[bv] = this.delta;
    this.from[bv] = u;
    this.to[bv] = v;
    this.tree[bv] = tree;
    this.nodes[tree]!.push(bv);
    if (bv >= forest.n) this.push(tree, add(this.delta, half(z[bv])), EXPAND, bv);
    this.assignOuter(forest.top(mate[base[bv]]), tree);
  }

  /** The outer node two levels above outer node b in its tree, or -1 where b is the root. */
  #above(b: number): number {
    const { forest } = this;
    const m = forest.mate[forest.base[b]];
    return m < 0 ? -1 : forest.top(this.from[forest.top(m)]);
  }

  /**
   * Makes a blossom of the cycle that the tight edge (u, v) closes between two outer nodes of a
   * tree.
   */
  #shrink(u: number, v: number): void {
    const { forest } = this;
    const { mate, base } = forest;
    // Climb from both ends in turn until one path meets the other.
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
        // Links from below upwards: the matched edge, then the tree edge.
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
    // The largest child keeps its written duals where it is outer already. The others are rewritten
    // relative to the same Delta.
    const { add, sub, zero } = this.arithmetic;
    const y: Amounts<A> = this.y;
    const main = forest.heaviest(children);
    if (this.label[main] === INNER) this.settle(main);
    const since = this.since[main];
    const fresh: number[] = [];
    for (const c of children) {
      const label = this.label[c];
      const moved = sub(this.delta, this.since[c]);
      const step = label === OUTER ? sub(zero, moved) : moved;
      if (c >= forest.n) this.raise(c, sub(zero, add(step, step)));
      const lift = sub(add(step, this.delta), since);
      if (c !== main || label === INNER)
        for (const w of forest.leaves(c, this.leaves)) {
          if (c !== main) y[w] = add(y[w], lift);
          if (label === INNER) fresh.push(w);
        }
      this.label[c] = OUT;
    }
    const made = forest.make(children, linkA, linkB);
    this.label[made] = OUTER;
    this.since[made] = since;
    const age = sub(since, this.delta);
    this.raise(made, add(age, age));
    this.tree[made] = this.tree[main];
    this.nodes[this.tree[made]]!.push(made);
    for (const w of fresh) this.scanOuter(w);
  }

  /**
   * Dissolves inner blossom b, whose dual has reached 0. The even path from its entry to its base
   * stays in the tree.
   */
  #expandInner(b: number): void {
    const { forest } = this;
    // Skip a blossom that is gone, or a later one of the same number.
    if (forest.children[b] === undefined || forest.parent[b] >= 0 || this.label[b] !== INNER) return;
    const { add, sub, half } = this.arithmetic;
    if (this.delta !== add(this.since[b], half(forest.z[b]))) return;
    const tree = this.tree[b];
    const from = this.from[b];
    const to = this.to[b];
    const entry = forest.childWith(b, to);
    const linkA = forest.linkA[b]!;
    const linkB = forest.linkB[b]!;
    const since = this.since[b];
    const moved = sub(this.delta, since);
    this.label[b] = OUT;
    const children = forest.dissolve(b);
    const k = children.length;
    const y: Amounts<A> = this.y;
    const outer: number[] = [];
    const inTree = new Set<number>();
    const makeInner = (c: number, p: number, q: number) => {
      inTree.add(c);
      this.label[c] = INNER;
      // Its vertices stay inner, so their written duals stay valid.
      this.since[c] = since;
      this.from[c] = p;
      this.to[c] = q;
      this.tree[c] = tree;
      this.nodes[tree]!.push(c);
      if (c < forest.n) return;
      this.raise(c, add(moved, moved));
      this.push(tree, add(since, half(forest.z[c])), EXPAND, c);
    };
    makeInner(children[entry], from, to);
    const step = entry % 2 === 1 ? 1 : -1;
    for (let i = entry; i !== 0 && i !== k; i += 2 * step) {
      const far = i + 2 * step;
      inTree.add(children[i + step]);
      outer.push(children[i + step]);
      // The unmatched link between i + step and far, from the outer side to the inner side.
      if (step > 0) makeInner(children[far % k], linkA[i + 1], linkB[i + 1]);
      else makeInner(children[far], linkB[far], linkA[far]);
    }
    for (const c of children) {
      if (this.label[c] === INNER && inTree.has(c)) continue;
      this.label[c] = OUT;
      for (const v of forest.leaves(c, this.leaves)) y[v] = add(y[v], moved);
    }
    for (const c of outer) this.assignOuter(c, tree);
    for (const c of children) if (!inTree.has(c)) this.offerOutside(c);
  }

  /** Gives outer vertex s a partner (-1: none), and swaps partners on the path to the root. */
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

  /** Puts the nodes of trees that ended outside again, and dissolves their blossoms of dual 0. */
  #fallApart(nodes: number[]): void {
    const { forest } = this;
    for (const b of nodes) this.label[b] = OUT;
    const outside: number[] = [];
    for (let b = nodes.pop(); b !== undefined; b = nodes.pop())
      if (b >= forest.n && forest.z[b] === this.arithmetic.zero)
        for (const c of forest.dissolve(b)) {
          this.label[c] = OUT;
          nodes.push(c);
        }
      else outside.push(b);
    for (const b of outside) this.offerOutside(b);
  }
}
