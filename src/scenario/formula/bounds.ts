import type { NodeId, Node } from './nodes.ts';

/** An interval: all values between two numbers. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/**
 * How wrong an operation may be: share of the result, and smallest amount. Values closer to 0 than
 * `tiny` may be taken for 0.
 */
export interface Accuracy {
  readonly relative: number;
  readonly exp: (x: number) => number;
  readonly log: { readonly relative: number; readonly absolute: number };
  readonly divide: number;
  readonly sqrt: number;
}

const ULP = 2 ** -23;
const TINY = 2 ** -126;

/**
 * What WGSL promises (section "Accuracy of concrete floating point operations" of its
 * specification): exp within 3 + 2 |x| units in the last place, log within 3 or 2^-21, division
 * within 2.5, the square root as 1 / inverseSqrt. The CPU backend is more exact.
 */
export const wgslAccuracy: Accuracy = {
  relative: ULP,
  exp: (x) => (3 + 2 * Math.abs(x)) * ULP,
  log: { relative: 3 * ULP, absolute: 2 ** -21 },
  divide: 2.5 * ULP,
  sqrt: 5 * ULP,
};

/** An operation that has no value, or too large a one, for some values of its operands. */
export class Unbounded extends Error {
  constructor(
    readonly id: NodeId,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** No part of a formula may exceed it: sums and products of such values are finite in f32. */
const MAX_PART = 1e30;
/** Limits of the argument of exp. */
const MAX_EXPONENT = 80;

/** Conditions: which of 0 (no) and 1 (yes) are possible. */
const unsure: ValueRange = { low: 0, high: 1 };
const truth = (sure: boolean, impossible: boolean): ValueRange =>
  sure ? { low: 1, high: 1 } : impossible ? { low: 0, high: 0 } : unsure;

/**
 * Range of every node by interval arithmetic, with rounding and the errors of operations. `order`
 * lists operands before the nodes that use them; `leaf` gives the range of a term.
 *
 * @throws Unbounded where an operation has no finite value everywhere.
 */
export function intervals(
  nodes: readonly Node[],
  order: readonly NodeId[],
  leaf: (node: Extract<Node, { op: 'term' }>) => ValueRange,
  accuracy: Accuracy = wgslAccuracy,
): Map<NodeId, ValueRange> {
  const found = new Map<NodeId, ValueRange>();
  for (const id of order) {
    const fail = (reason: string): never => {
      throw new Unbounded(id, reason);
    };
    const range = rangeOf(nodes[id], (of) => found.get(of)!, leaf, accuracy, fail);
    if (!(Math.max(Math.abs(range.low), Math.abs(range.high)) <= MAX_PART))
      fail(
        `its size may reach ${shown(Math.max(Math.abs(range.low), Math.abs(range.high)))}; the limit is 1e30. Limit it by clamp`,
      );
    found.set(id, range);
  }
  return found;
}

function rangeOf(
  node: Node,
  of: (id: NodeId) => ValueRange,
  leaf: (node: Extract<Node, { op: 'term' }>) => ValueRange,
  accuracy: Accuracy,
  fail: (reason: string) => never,
): ValueRange {
  const { relative } = accuracy;
  switch (node.op) {
    case 'const':
      return widen(node.value, node.value, relative);
    case 'term':
      return leaf(node);
    case 'neg': {
      const { low, high } = of(node.a);
      return { low: -high, high: -low };
    }
    case 'abs': {
      const { low, high } = of(node.a);
      return { low: low > 0 ? low : high < 0 ? -high : 0, high: Math.max(-low, high) };
    }
    case 'not': {
      const { low, high } = of(node.a);
      return { low: 1 - high, high: 1 - low };
    }
    case 'exp': {
      const { low, high } = of(node.a);
      if (high > MAX_EXPONENT || low < -MAX_EXPONENT)
        fail(
          `exp needs a value between -80 and 80; it may be ${shown(high > MAX_EXPONENT ? high : low)}. Limit it by clamp`,
        );
      const [a, b] = [Math.exp(low), Math.exp(high)];
      return { low: toward0(a - a * accuracy.exp(low)), high: b + b * accuracy.exp(high) };
    }
    case 'log': {
      const { low, high } = of(node.a);
      if (!(low > 0)) fail(`log needs a value above 0; it may be ${shown(low)}. Limit it by max`);
      const [a, b] = [Math.log(low), Math.log(high)];
      const error = accuracy.log.absolute;
      return {
        low: a - Math.abs(a) * accuracy.log.relative - error,
        high: b + Math.abs(b) * accuracy.log.relative + error,
      };
    }
    case 'sqrt': {
      const { low, high } = of(node.a);
      if (low < 0) fail(`sqrt needs a value that is not negative; it may be ${shown(low)}. Limit it by max`);
      return widen(Math.sqrt(low), Math.sqrt(high), accuracy.sqrt, true);
    }
    case 'add': {
      const [a, b] = [of(node.a), of(node.b)];
      return widen(a.low + b.low, a.high + b.high, relative);
    }
    case 'mul': {
      const [a, b] = [of(node.a), of(node.b)];
      const square = node.a === node.b;
      const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
      const low = square ? (a.low > 0 ? ends[0] : a.high < 0 ? ends[3] : 0) : Math.min(...ends);
      return widen(low, Math.max(...ends), relative, square);
    }
    case 'div': {
      const [a, b] = [of(node.a), of(node.b)];
      if (b.low <= 0 && b.high >= 0)
        fail('what it divides by may be 0. Keep it away from 0, such as by max(x, 1)');
      const ends = [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high];
      return widen(Math.min(...ends), Math.max(...ends), accuracy.divide);
    }
    case 'min': {
      const [a, b] = [of(node.a), of(node.b)];
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    }
    case 'max': {
      const [a, b] = [of(node.a), of(node.b)];
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    }
    case 'less': {
      const [a, b] = [of(node.a), of(node.b)];
      return truth(a.high < b.low, a.low >= b.high);
    }
    case 'atMost': {
      const [a, b] = [of(node.a), of(node.b)];
      return truth(a.high <= b.low, a.low > b.high);
    }
    case 'equal': {
      const [a, b] = [of(node.a), of(node.b)];
      const point = a.low === a.high && b.low === b.high;
      return truth(point && a.low === b.low, a.high < b.low || b.high < a.low);
    }
    case 'and': {
      const [a, b] = [of(node.a), of(node.b)];
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    }
    case 'or': {
      const [a, b] = [of(node.a), of(node.b)];
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    }
    case 'select': {
      const [condition, yes, no] = [of(node.a), of(node.b), of(node.c)];
      if (condition.low === 1) return yes;
      if (condition.high === 0) return no;
      return { low: Math.min(yes.low, no.low), high: Math.max(yes.high, no.high) };
    }
  }
}

/** A range that an operation with this error, relative to its result, may return. */
function widen(low: number, high: number, relative: number, positive = false): ValueRange {
  const [a, b] = [low - Math.abs(low) * relative, high + Math.abs(high) * relative];
  // A device may flush subnormal numbers to 0.
  return {
    low: a > 0 ? toward0(a) : positive ? Math.max(0, a) : Math.min(a, a > -TINY && a < 0 ? -TINY : a),
    high: b < 0 ? -toward0(-b) : b,
  };
}

/** Returns 0 for numbers that a device may flush to 0. */
const toward0 = (v: number): number => (v < TINY ? 0 : v);

function shown(v: number): string {
  return Number(v.toPrecision(3)).toString();
}
