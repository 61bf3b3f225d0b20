import type { Amount, Amounts, Arithmetic } from './amounts.ts';

/**
 * A graph as adjacency lists: nbr[start[i]] to nbr[start[i + 1] - 1] are the neighbours of i, over
 * edges of weight wt.
 */
export interface Adjacency<V = Float64Array> {
  readonly n: number;
  readonly start: Int32Array;
  readonly nbr: Int32Array;
  /** Whole numbers above 0. */
  readonly wt: V;
  /** Position of the same edge in the list of its other end. */
  readonly back: Int32Array;
}

/**
 * The adjacency lists of undirected edges (u, v) of weight w, each pair once. Weights are whole and
 * above 0.
 */
export function adjacency<A extends Amount, V extends Amounts<A>>(
  arithmetic: Arithmetic<A, V>,
  n: number,
  u: ArrayLike<number>,
  v: ArrayLike<number>,
  w: ArrayLike<A>,
): Adjacency<V> {
  const start = new Int32Array(n + 1);
  for (let e = 0; e < u.length; e++) {
    start[u[e] + 1]++;
    start[v[e] + 1]++;
  }
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  const at = start.slice(0, n);
  const nbr = new Int32Array(2 * u.length);
  const wt: Amounts<A> & V = arithmetic.zeros(2 * u.length);
  const back = new Int32Array(2 * u.length);
  for (let e = 0; e < u.length; e++) {
    const p = at[u[e]]++;
    const q = at[v[e]]++;
    nbr[p] = v[e];
    nbr[q] = u[e];
    wt[p] = wt[q] = w[e];
    back[p] = q;
    back[q] = p;
  }
  return { n, start, nbr, wt, back };
}

/**
 * A matching and its nested blossoms. Nodes 0 to n - 1 are vertices, nodes n to 2n - 1 are
 * blossoms. A blossom is an odd cycle of nodes, and child 0 contains its base. Link i joins child i
 * and child i + 1; links 1, 3, 5, ... are matched. A node without a parent is outermost.
 */
export class BlossomForest<A extends Amount = number, V extends Amounts<A> = Float64Array & Amounts<A>> {
  readonly n: number;
  /** Partner of each vertex, or -1. */
  readonly mate: Int32Array;
  /**
   * The vertices of an outermost node form a set, named by one of them. A blossom takes over the
   * set of its largest child, so that only the smaller children are renamed when it is made or
   * dissolved.
   */
  readonly #set: Int32Array;
  readonly #nodeOf: Int32Array;
  readonly #setId: Int32Array;
  readonly #size: Int32Array;
  readonly parent: Int32Array;
  readonly base: Int32Array;
  /** Dual of each blossom, >= 0. */
  readonly z: V;
  readonly children: (number[] | undefined)[];
  /** Link i of a blossom runs from linkA[i] in child i to linkB[i] in child i + 1. */
  readonly linkA: (number[] | undefined)[];
  readonly linkB: (number[] | undefined)[];
  readonly #unused: number[] = [];
  readonly #stack: number[] = [];
  readonly #mark: Int32Array;
  #marks = 0;

  constructor(
    n: number,
    readonly arithmetic: Arithmetic<A, V>,
  ) {
    this.n = n;
    this.mate = new Int32Array(n).fill(-1);
    this.#set = Int32Array.from({ length: n }, (_, i) => i);
    this.#nodeOf = this.#set.slice();
    this.#setId = Int32Array.from({ length: 2 * n }, (_, i) => i);
    this.#size = new Int32Array(2 * n).fill(1);
    this.parent = new Int32Array(2 * n).fill(-1);
    this.base = Int32Array.from({ length: 2 * n }, (_, i) => (i < n ? i : -1));
    this.z = arithmetic.zeros(2 * n);
    this.#mark = new Int32Array(2 * n);
    this.children = new Array<number[] | undefined>(2 * n).fill(undefined);
    this.linkA = this.children.slice();
    this.linkB = this.children.slice();
    for (let b = 2 * n - 1; b >= n; b--) this.#unused.push(b);
  }

  /** The outermost node that contains vertex v. */
  top(v: number): number {
    return this.#nodeOf[this.#set[v]];
  }

  /** The largest of these nodes: a blossom of them takes over its set. */
  heaviest(children: readonly number[]): number {
    let best = children[0];
    for (const c of children) if (this.#size[c] > this.#size[best]) best = c;
    return best;
  }

  /** Writes all vertices inside node b to `into`, and returns it. */
  leaves(b: number, into: number[]): number[] {
    into.length = 0;
    if (b < this.n) {
      into.push(b);
      return into;
    }
    const stack = this.#stack;
    stack.length = 0;
    stack.push(b);
    for (let c = stack.pop(); c !== undefined; c = stack.pop()) {
      if (c < this.n) into.push(c);
      else for (const d of this.children[c]!) stack.push(d);
    }
    return into;
  }

  /** Makes a new outermost blossom with dual 0. */
  make(children: number[], linkA: number[], linkB: number[]): number {
    const b = this.#unused.pop()!;
    this.children[b] = children;
    this.linkA[b] = linkA;
    this.linkB[b] = linkB;
    this.base[b] = this.base[children[0]];
    this.parent[b] = -1;
    (this.z as Amounts<A>)[b] = this.arithmetic.zero;
    const main = this.heaviest(children);
    const id = this.#setId[main];
    let size = 0;
    for (const c of children) {
      this.parent[c] = b;
      size += this.#size[c];
      if (c !== main) for (const v of this.leaves(c, scratch)) this.#set[v] = id;
    }
    this.#size[b] = size;
    this.#setId[b] = id;
    this.#nodeOf[id] = b;
    return b;
  }

  /** Replaces an outermost blossom by its children, and returns them. */
  dissolve(b: number): number[] {
    const children = this.children[b]!;
    for (const c of children) {
      this.parent[c] = -1;
      const id = this.#setId[c];
      if (id !== this.#setId[b]) for (const v of this.leaves(c, scratch)) this.#set[v] = id;
      this.#nodeOf[id] = c;
    }
    this.children[b] = this.linkA[b] = this.linkB[b] = undefined;
    this.base[b] = -1;
    this.#unused.push(b);
    return children;
  }

  /** Index of the child of b that contains vertex v. */
  childWith(b: number, v: number): number {
    let c = v;
    while (this.parent[c] !== b) c = this.parent[c];
    return this.children[b]!.indexOf(c);
  }

  /**
   * Makes vertex v the base of node b: moves the matched links inside b so that all vertices but v
   * are matched within b. Uses no recursion, because blossoms may be nested thousands deep.
   */
  rebase(b: number, v: number): void {
    const work = [b, v];
    const way: number[] = [];
    while (work.length > 0) {
      const base = work.pop()!;
      const outermost = work.pop()!;
      way.length = 0;
      for (let c = base; c !== outermost; c = this.parent[c]) way.push(c);
      for (let inner = way.pop(), outer = outermost; inner !== undefined; outer = inner, inner = way.pop()) {
        // A base that is right at one level is right at all levels below.
        if (this.base[outer] === base) break;
        this.#rotate(outer, inner, work);
        this.base[outer] = base;
      }
    }
  }

  /**
   * Moves child `first` of b to the front and rematches the links. Pushes what its children have to
   * do to `work`.
   */
  #rotate(b: number, first: number, work: number[]): void {
    const children = this.children[b]!;
    const linkA = this.linkA[b]!;
    const linkB = this.linkB[b]!;
    const k = children.length;
    const j = children.indexOf(first);
    const match = (i: number) => {
      const x = linkA[i];
      const y = linkB[i];
      work.push(children[i], x, children[(i + 1) % k], y);
      this.mate[x] = y;
      this.mate[y] = x;
    };
    if (j % 2 === 1) for (let i = j + 1; i < k; i += 2) match(i);
    else for (let i = j - 2; i >= 0; i -= 2) match(i);
    if (j > 0) for (const list of [children, linkA, linkB]) list.push(...list.splice(0, j));
  }

  /** Whether vertex v is node b or inside it. */
  isInside(v: number, b: number): boolean {
    let c = v;
    while (c >= 0 && c !== b) c = this.parent[c];
    return c === b;
  }

  /** Sum of the duals of the blossoms that contain both u and v. */
  innerDual(u: number, v: number): A {
    const { zero, add } = this.arithmetic;
    if (this.top(u) !== this.top(v)) return zero;
    this.#marks++;
    for (let b = this.parent[u]; b >= 0; b = this.parent[b]) this.#mark[b] = this.#marks;
    let sum = zero;
    for (let b = this.parent[v]; b >= 0; b = this.parent[b])
      if (this.#mark[b] === this.#marks) sum = add(sum, this.z[b]);
    return sum;
  }

  /** All blossoms, outermost or not. */
  *blossoms(): Generator<number> {
    for (let b = this.n; b < 2 * this.n; b++) if (this.children[b] !== undefined) yield b;
  }
}
const scratch: number[] = [];
