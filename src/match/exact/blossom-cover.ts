import type { BlossomForest } from './blossom-forest.ts';

/**
 * For many pairs of vertices of one forest: the sum of the duals of the blossoms that contain both.
 * Vertices are numbered by a walk through the forest, so that every blossom is an interval.
 */
export class BlossomCover {
  /** Number of each vertex in the walk. */
  readonly #place: Int32Array;
  /** Interval of each node: start to end - 1. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  /** By number: the sum of the duals of the blossoms shared with the vertex that was entered. */
  readonly #shared: Float64Array;
  readonly #path: number[] = [];
  #from = 0;
  #to = 0;

  constructor(readonly forest: BlossomForest) {
    const { n, children, parent } = forest;
    this.#place = new Int32Array(n);
    this.#start = new Int32Array(2 * n);
    this.#end = new Int32Array(2 * n);
    this.#shared = new Float64Array(n);
    let at = 0;
    // No recursion, because blossoms may be nested thousands deep. A node is visited before its
    // children (as ~node) and after them.
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

  /**
   * Makes `shared` refer to vertex u. Returns false where no blossom contains u. O(size of its
   * outermost blossom).
   */
  enter(u: number): boolean {
    const { parent, z } = this.forest;
    this.#from = this.#to = 0;
    if (parent[u] < 0) return false;
    const path = this.#path;
    path.length = 0;
    for (let b = u; b >= 0; b = parent[b]) path.push(b);
    const top = path[path.length - 1];
    this.#from = this.#start[top];
    this.#to = this.#end[top];
    let sum = 0;
    for (let k = path.length - 1; k > 0; k--) {
      sum += z[path[k]];
      const inner = path[k - 1];
      this.#shared.fill(sum, this.#start[path[k]], this.#start[inner]);
      this.#shared.fill(sum, this.#end[inner], this.#end[path[k]]);
    }
    return true;
  }

  /**
   * Sum of the duals of the blossoms that contain both j and the vertex that was entered (another
   * vertex).
   */
  shared(j: number): number {
    const at = this.#place[j];
    return at >= this.#from && at < this.#to ? this.#shared[at] : 0;
  }

  /** Sum of the duals of all blossoms that contain u. */
  cover(u: number): number {
    let sum = 0;
    for (let b = this.forest.parent[u]; b >= 0; b = this.forest.parent[b]) sum += this.forest.z[b];
    return sum;
  }
}
