import type { Node, NodeId, UnaryOp } from './nodes.ts';

/**
 * Formulas as a graph of operations in which equal parts exist once. A part has one form: sums and
 * products are sorted so that a part with its two sides exchanged does the same operations on
 * exchanged operands. Since IEEE addition and multiplication commute, a formula that equals its own
 * mirror image is then symmetric bit for bit.
 */

/** Operations that a graph may hold, used or not: more than any sensible formula needs. */
export const MAX_NODES = 20_000;

/** A formula became too large to work with. */
export class TooLarge extends Error {}

export class Graph {
  readonly nodes: Node[] = [];
  readonly #ids = new Map<string, NodeId>();
  readonly #mirrors = new Map<NodeId, NodeId>();

  constant(value: number): NodeId {
    return this.#add({ op: 'const', value }, `c${value}`);
  }

  term(name: string, side: 0 | 1): NodeId {
    return this.#add({ op: 'term', name, side }, `${side} ${name}`);
  }

  /** @returns the value of a constant, or undefined. */
  valueOf(id: NodeId): number | undefined {
    const node = this.nodes[id];
    return node.op === 'const' ? node.value : undefined;
  }

  sum(parts: readonly NodeId[]): NodeId {
    let constant = 0;
    const rest: NodeId[] = [];
    const take = (id: NodeId): void => {
      const node = this.nodes[id];
      if (node.op === 'add') {
        take(node.a);
        take(node.b);
      } else if (node.op === 'const') constant += node.value;
      else rest.push(id);
    };
    parts.forEach(take);
    const chain = this.#inPairs(rest, 'add');
    if (constant !== 0 || chain.length === 0) chain.push(this.constant(constant));
    return chain.reduce((a, b) => this.#commute('add', a, b));
  }

  product(numerator: readonly NodeId[], denominator: readonly NodeId[] = []): NodeId {
    let [constant, negative] = [1, false];
    const [above, below]: [NodeId[], NodeId[]] = [[], []];
    const take = (id: NodeId, inverse: boolean): void => {
      const node = this.nodes[id];
      if (node.op === 'mul') {
        take(node.a, inverse);
        take(node.b, inverse);
      } else if (node.op === 'div') {
        take(node.a, inverse);
        take(node.b, !inverse);
      } else if (node.op === 'const' && !(inverse && node.value === 0))
        constant = inverse ? constant / node.value : constant * node.value;
      else {
        const { id: factor, flipped } = this.#oriented(id);
        if (factor !== id && this.nodes[factor].op === 'mul') take(factor, inverse);
        else (inverse ? below : above).push(factor);
        negative = negative !== flipped;
      }
    };
    for (const id of numerator) take(id, false);
    for (const id of denominator) take(id, true);
    const top = this.#inPairs(above, 'mul');
    const bottom = this.#inPairs(below, 'mul');
    const factor = negative ? -constant : constant;
    if (factor === -1 && top.length > 0) return this.negative(this.#quotient(top, bottom));
    if (factor !== 1 || top.length === 0) top.push(this.constant(factor));
    return this.#quotient(top, bottom);
  }

  #quotient(top: readonly NodeId[], bottom: readonly NodeId[]): NodeId {
    const multiply = (ids: readonly NodeId[]) => ids.reduce((a, b) => this.#commute('mul', a, b));
    const above = multiply(top);
    if (bottom.length === 0) return above;
    const below = multiply(bottom);
    return this.#add({ op: 'div', a: above, b: below }, `div ${above} ${below}`);
  }

  negative(id: NodeId): NodeId {
    const node = this.nodes[id];
    if (node.op === 'neg') return node.a;
    if (node.op === 'const') return this.constant(-node.value);
    if (node.op === 'add') {
      // Exact, and keeps the order of the sum.
      return this.#commute('add', this.negative(node.a), this.negative(node.b));
    }
    return this.#add({ op: 'neg', a: id }, `neg ${id}`);
  }

  unary(op: UnaryOp, a: NodeId): NodeId {
    if (op === 'neg') return this.negative(a);
    const node = this.nodes[a];
    if (op === 'not' && node.op === 'not') return node.a;
    if (op === 'abs') a = this.#oriented(a).id;
    return this.#add({ op, a }, `${op} ${a}`);
  }

  /** Operations whose operands can be regrouped without a change: in one order. */
  together(op: 'min' | 'max' | 'and' | 'or', parts: readonly NodeId[]): NodeId {
    const all = new Set<NodeId>();
    const take = (id: NodeId): void => {
      const node = this.nodes[id];
      if (node.op === op) {
        take(node.a);
        take(node.b);
      } else all.add(id);
    };
    parts.forEach(take);
    return [...all].sort((a, b) => a - b).reduce((a, b) => this.#add({ op, a, b }, `${op} ${a} ${b}`));
  }

  compare(op: 'less' | 'atMost', a: NodeId, b: NodeId): NodeId {
    return this.#add({ op, a, b }, `${op} ${a} ${b}`);
  }

  equal(a: NodeId, b: NodeId): NodeId {
    return this.#commute('equal', a, b);
  }

  select(a: NodeId, b: NodeId, c: NodeId): NodeId {
    const condition = this.nodes[a];
    if (condition.op === 'not') return this.select(condition.a, c, b);
    if (b === c) return b;
    return this.#add({ op: 'select', a, b, c }, `select ${a} ${b} ${c}`);
  }

  /** The same with both sides exchanged. */
  mirror(id: NodeId): NodeId {
    const known = this.#mirrors.get(id);
    if (known !== undefined) return known;
    const made = this.#mirrored(this.nodes[id], id);
    this.#mirrors.set(id, made);
    this.#mirrors.set(made, id);
    return made;
  }

  #mirrored(node: Node, id: NodeId): NodeId {
    switch (node.op) {
      case 'const':
        return id;
      case 'term':
        return this.term(node.name, node.side === 0 ? 1 : 0);
      case 'select':
        return this.select(this.mirror(node.a), this.mirror(node.b), this.mirror(node.c));
      case 'neg':
      case 'abs':
      case 'exp':
      case 'log':
      case 'sqrt':
      case 'not':
        return this.unary(node.op, this.mirror(node.a));
      case 'add':
      case 'equal':
        // Keep the grouping, so that the sum has the same bits.
        return this.#commute(node.op, this.mirror(node.a), this.mirror(node.b));
      case 'mul':
      case 'div': {
        const [a, b] = [this.mirror(node.a), this.mirror(node.b)];
        return node.op === 'mul' ? this.product([a, b]) : this.product([a], [b]);
      }
      case 'min':
      case 'max':
      case 'and':
      case 'or':
        return this.together(node.op, [this.mirror(node.a), this.mirror(node.b)]);
      case 'less':
      case 'atMost':
        return this.compare(node.op, this.mirror(node.a), this.mirror(node.b));
    }
  }

  /** Returns a value or its negative, whichever came first, and whether it is the negative. */
  #oriented(id: NodeId): { id: NodeId; flipped: boolean } {
    const node = this.nodes[id];
    if (node.op !== 'neg' && node.op !== 'add') return { id, flipped: false };
    const other = this.negative(id);
    if (node.op === 'neg') return { id: other, flipped: true };
    return other < id ? { id: other, flipped: true } : { id, flipped: false };
  }

  /** Joins each operand with its mirror image, in an order that does not change under mirroring. */
  #inPairs(ids: readonly NodeId[], op: 'add' | 'mul'): NodeId[] {
    const orbit = new Map(
      ids.map((id) => [id, Math.min(...[id, this.mirror(id)].flatMap((own) => [own, this.negative(own)]))]),
    );
    const left = [...ids].sort((a, b) => orbit.get(a)! - orbit.get(b)! || a - b);
    const out: NodeId[] = [];
    while (left.length > 0) {
      const id = left.shift()!;
      // Factors are oriented; signs are taken out of a product.
      const image = op === 'mul' ? this.#oriented(this.mirror(id)).id : this.mirror(id);
      const at = image === id ? -1 : left.indexOf(image);
      if (at >= 0) left.splice(at, 1);
      out.push(at >= 0 ? this.#commute(op, id, image) : id);
    }
    return out;
  }

  #commute(op: 'add' | 'mul' | 'equal', one: NodeId, other: NodeId): NodeId {
    const [a, b] = one < other ? [one, other] : [other, one];
    return this.#add({ op, a, b }, `${op} ${a} ${b}`);
  }

  #add(node: Node, key: string): NodeId {
    let id = this.#ids.get(key);
    if (id === undefined) {
      if (this.nodes.length >= MAX_NODES) throw new TooLarge();
      id = this.nodes.push(node) - 1;
      this.#ids.set(key, id);
    }
    return id;
  }
}
