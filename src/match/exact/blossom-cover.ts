import type { BlossomForest } from './blossom-forest.ts';

/**
 * The duals of blossoms that cover a pair, for many pairs of the same forest: vertices in the order of a walk through it, by which every
 * blossom holds a stretch.
 */
export class Nest {
  /** Where a vertex stands in the walk. */
  readonly #place: Int32Array;
  /** Nodes' stretches. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  /** By place, for the vertex that was entered: duals of the blossoms that hold both. */
  readonly #shared: Float64Array;
  readonly #way: number[] = [];
  #from = 0;
  #to = 0;

  constructor(readonly forest: BlossomForest) {
    const { n, children, parent } = forest;
    this.#place = new Int32Array(n);
    this.#start = new Int32Array(2 * n);
    this.#end = new Int32Array(2 * n);
    this.#shared = new Float64Array(n);
    let at = 0;
    // Without recursion: blossoms may be nested thousands deep. A node is met twice, before its children (as ~node) and after them.
    const stack: number[] = [];
    for (let v = 0; v < 2 * n; v++) {
      if (parent[v] >= 0 || (v >= n && children[v] === undefined)) continue;
      stack.push(~v);
      for (let c = stack.pop(); c !== undefined; c = stack.pop()) {
        if (c >= 0) {
          this.#end[c] = at;
          continue;
        }
        const node = ~c;
        this.#start[node] = at;
        if (node < n) {
          this.#place[node] = at++;
          this.#end[node] = at;
          continue;
        }
        stack.push(node);
        for (const child of children[node]!) stack.push(~child);
      }
    }
  }

  /** `shared` is about vertex u from now on. False where no blossom holds it. O(size of its outermost blossom). */
  enter(u: number): boolean {
    const { parent, z } = this.forest;
    if (parent[u] < 0) return false;
    const way = this.#way;
    way.length = 0;
    for (let b = u; b >= 0; b = parent[b]) way.push(b);
    const top = way[way.length - 1];
    this.#from = this.#start[top];
    this.#to = this.#end[top];
    let sum = 0;
    for (let k = way.length - 1; k > 0; k--) {
      sum += z[way[k]];
      const inner = way[k - 1];
      this.#shared.fill(sum, this.#start[way[k]], this.#start[inner]);
      this.#shared.fill(sum, this.#end[inner], this.#end[way[k]]);
    }
    return true;
  }

  /** Duals of the blossoms that hold both j and the vertex that was entered, another one. */
  shared(j: number): number {
    const at = this.#place[j];
    return at >= this.#from && at < this.#to ? this.#shared[at] : 0;
  }

  /** Duals of all blossoms that hold u. */
  cover(u: number): number {
    let sum = 0;
    for (let b = this.forest.parent[u]; b >= 0; b = this.forest.parent[b]) sum += this.forest.z[b];
    return sum;
  }
}
