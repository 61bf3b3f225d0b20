import jsep from 'jsep';
import { LabError } from '../../base/errors.ts';

/** Characters of a formula at most. */
export const MAX_LENGTH = 1000;

/** A part of a formula, from character `from` to before `to`, counted from 0. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a formula, and where. */
export class FormulaError extends LabError {
  constructor(
    readonly reason: string,
    readonly place: TextRange,
    text: string,
  ) {
    const part = text.slice(place.from, place.to).trim();
    const short = part.length > 40 ? `${part.slice(0, 40)}...` : part;
    const at = `at character ${place.from + 1}${short === '' ? '' : `, ${JSON.stringify(short)}`}`;
    super(`the formula has an error ${at}: ${reason}`);
  }
}

/** A formula as it is written. */
export type Syntax = TextRange &
  (
    | { readonly type: 'number'; readonly value: number }
    | { readonly type: 'text'; readonly value: string }
    | { readonly type: 'name'; readonly name: string }
    | { readonly type: 'term'; readonly side: string; readonly name: string }
    | { readonly type: 'unary'; readonly operator: string; readonly argument: Syntax }
    | { readonly type: 'binary'; readonly operator: string; readonly left: Syntax; readonly right: Syntax }
    | { readonly type: 'call'; readonly name: string; readonly arguments: readonly Syntax[] }
  );

/** The parser's nodes, with their places. Everything else in them is checked before it is used. */
interface Raw {
  readonly type: string;
  from?: number;
  to?: number;
  readonly [key: string]: unknown;
}
interface Parser {
  index: number;
  expr: string;
  gobbleSpaces(): void;
  gobbleToken(): Raw | false | undefined;
  parse(): Raw;
}
const { Jsep } = jsep as unknown as { Jsep: new (text: string) => Parser };

/** The parser does not keep places: every token gets those between which it was read. */
class PlacingParser extends Jsep {
  override gobbleToken(): Raw | false | undefined {
    this.gobbleSpaces();
    const from = this.index;
    const node = super.gobbleToken();
    if (typeof node === 'object') {
      node.from = from;
      node.to = from + this.expr.slice(from, this.index).trimEnd().length;
    }
    return node;
  }
}

const unary = new Set(['-', '+', '!']);
const binary = new Set(['+', '-', '*', '/', '<', '<=', '>', '>=', '==', '!=', '&&', '||']);
const noOperator = (given: string, known: Iterable<string>) =>
  `there is no operator ${given}; there are ${[...known].join(' ')}`;

/** Parses a formula. @throws FormulaError. */
export function parseSyntax(text: string): Syntax {
  const all = { from: 0, to: text.length };
  if (text.length > MAX_LENGTH)
    throw new FormulaError(
      `it has ${text.length} characters; the limit is ${MAX_LENGTH}`,
      { from: MAX_LENGTH, to: MAX_LENGTH },
      text,
    );
  let raw: Raw;
  try {
    raw = new PlacingParser(text).parse();
  } catch (error) {
    const { index = 0, description = 'it cannot be read' } = error as {
      index?: number;
      description?: string;
    };
    const from = Math.min(index, text.length);
    throw new FormulaError(description, { from, to: Math.min(text.length, from + 1) }, text);
  }
  const refuse = (reason: string, place: TextRange): never => {
    throw new FormulaError(reason, place, text);
  };
  const read = (node: Raw): Syntax => {
    const child = (key: string) => read(node[key] as Raw);
    switch (node.type) {
      case 'Literal': {
        const { value } = node;
        const place = placeOf(node, all);
        if (typeof value === 'number')
          return Number.isFinite(value) && Math.abs(value) <= 1e12
            ? { type: 'number', value, ...place }
            : refuse(`numbers lie between -1e12 and 1e12; this is ${value}`, place);
        if (typeof value === 'string') return { type: 'text', value, ...place };
        return refuse(
          `${String(node['raw'])} means nothing here; yes or no comes from a comparison, such as me.wait > 30`,
          place,
        );
      }
      case 'Identifier':
        return { type: 'name', name: String(node['name']), ...placeOf(node, all) };
      case 'MemberExpression': {
        const place = placeOf(node, all);
        const [object, property] = [node['object'] as Raw, node['property'] as Raw];
        if (node['computed'] === true || node['optional'] === true || object.type !== 'Identifier')
          return refuse('write me.NAME or you.NAME', place);
        return { type: 'term', side: String(object['name']), name: String(property['name']), ...place };
      }
      case 'CallExpression': {
        const place = placeOf(node, all);
        const callee = node['callee'] as Raw;
        if (callee.type !== 'Identifier') return refuse('only functions can be called', place);
        const given = node['arguments'] as (Raw | null)[];
        const args = given.map((arg) => (arg === null ? refuse('an argument is missing', place) : read(arg)));
        return { type: 'call', name: String(callee['name']), arguments: args, ...place };
      }
      case 'UnaryExpression': {
        const operator = String(node['operator']);
        const place = placeOf(node, all);
        if (!unary.has(operator)) return refuse(noOperator(operator, unary), place);
        return { type: 'unary', operator, argument: child('argument'), ...place };
      }
      case 'BinaryExpression': {
        const [left, right] = [child('left'), child('right')];
        const operator = String(node['operator']).replace(/^([=!]=)=$/, '$1');
        const place = placeOf(node, { from: left.from, to: right.to });
        if (!binary.has(operator))
          return refuse(noOperator(operator, binary), { from: left.to, to: right.from });
        return { type: 'binary', operator, left, right, ...place };
      }
      case 'ConditionalExpression': {
        const parts = [child('test'), child('consequent'), child('alternate')];
        const place = placeOf(node, { from: parts[0].from, to: parts[2].to });
        return { type: 'call', name: 'if', arguments: parts, ...place };
      }
      case 'Compound': {
        const body = node['body'] as Raw[];
        if (body.length === 0) return refuse('it is empty', all);
        const second = read(body[1]);
        return refuse('an operator is missing before this', { from: second.from, to: second.to });
      }
      default:
        return refuse('this means nothing in a formula', placeOf(node, all));
    }
  };
  return read(raw);
}

function placeOf({ from, to }: Raw, otherwise: TextRange): TextRange {
  return from === undefined || to === undefined ? otherwise : { from, to };
}
