import { suggestion } from '../../base/nearest.ts';
import type { Graph } from './graph.ts';
import type { NodeId } from './nodes.ts';
import { FormulaError } from './syntax.ts';
import type { TextRange, Syntax } from './syntax.ts';
import { groupMembers, termOf } from './terms.ts';
import { combine, free, numberType, sameUnit, unitless, unitText, unlike } from './units.ts';
import { constants, functions } from './words.ts';
import type { NumberType, Type, FormulaUnit } from './units.ts';

/** A value of a formula: where the graph computes it, and what it is. */
export interface Value {
  readonly id: NodeId;
  readonly type: Type;
}
type Amount = Value & { readonly type: NumberType };

const sides = ['me', 'you'] as const;

/** Adds a formula to a graph and checks its types and units. `note` is called for every part. */
export class Builder {
  constructor(
    readonly graph: Graph,
    readonly text: string,
    readonly note: (id: NodeId, place: TextRange) => void,
  ) {}

  build(part: Syntax): Value {
    const value = this.#build(part);
    this.note(value.id, part);
    return value;
  }

  #build(part: Syntax): Value {
    const { graph } = this;
    switch (part.type) {
      case 'number':
        return { id: graph.constant(part.value), type: free };
      case 'text':
        return this.#refuse('a text stands only beside == or != and a country, language or gender', part);
      case 'name':
        return this.#name(part.name, part);
      case 'term':
        return this.#term(part.side, part.name, part);
      case 'call':
        return this.#call(part.name, part.arguments, part);
      case 'unary': {
        if (part.operator === '!')
          return { id: graph.unary('not', this.#condition(part.argument)), type: { kind: 'flag' } };
        const { id, type } = this.#amount(part.argument);
        const { unit } = type;
        const sign = part.operator === '-' ? -1 : 1;
        return {
          id: sign < 0 ? graph.negative(id) : id,
          type: { ...type, unit: unit.ln === 0 ? unit : { ...unit, ln: sign * unit.ln } },
        };
      }
      case 'binary':
        if (part.operator === '+' || part.operator === '-') return this.#sum(part);
        if (part.operator === '*' || part.operator === '/') return this.#product(part);
        return { id: this.#comparison(part), type: { kind: 'flag' } };
    }
  }

  #name(name: string, place: TextRange): Value {
    const constant = constants.find((known) => known.name === name);
    if (constant !== undefined) return { id: this.graph.constant(1), type: numberType(constant.unit) };
    if (termOf.has(name)) return this.#refuse(`say whose: me.${name} or you.${name}`, place);
    const known = [
      ...constants.map((c) => c.name),
      ...[...termOf.keys()].flatMap((t) => sides.map((s) => `${s}.${t}`)),
    ];
    return this.#refuse(`there is no name ${name}${suggestion(name, known)}`, place);
  }

  #term(side: string, name: string, place: TextRange): Value {
    const at = (sides as readonly string[]).indexOf(side);
    if (at < 0) return this.#refuse(`terms belong to "me" or "you", not to "${side}"`, place);
    const term = termOf.get(name);
    if (term === undefined)
      return this.#refuse(`there is no term ${name}${suggestion(name, termOf.keys())}`, place);
    const { kind, unit } = term;
    const id = this.graph.term(name, at as 0 | 1);
    return { id, type: kind === 'number' ? numberType(unit) : { kind } };
  }

  #call(name: string, args: readonly Syntax[], place: TextRange): Value {
    const { graph } = this;
    const known = functions.find((f) => f.name === name);
    if (known === undefined)
      return this.#refuse(
        `there is no function ${name}${suggestion(
          name,
          functions.map((f) => f.name),
        )}`,
        place,
      );
    const { from, to, form } = known;
    if (args.length < from || args.length > to)
      return this.#refuse(
        `${form} takes ${from === to ? from : `${from} to ${to}`} values; here are ${args.length}`,
        place,
      );
    switch (name) {
      case 'both': {
        const { id, type } = this.#amount(args[0]);
        const image = graph.mirror(id);
        return { id: image === id ? id : graph.product([graph.constant(0.5), graph.sum([id, image])]), type };
      }
      case 'if': {
        const condition = this.#condition(args[0]);
        const [yes, no] = [this.build(args[1]), this.build(args[2])];
        const type = this.#common([yes, no], [args[1], args[2]]);
        return { id: graph.select(condition, yes.id, no.id), type };
      }
      case 'min':
      case 'max':
      case 'clamp': {
        const values = args.map((arg) => this.#amount(arg));
        const type = this.#common(values, args);
        const [x, low, high] = values.map(({ id }) => id);
        const id =
          name === 'clamp'
            ? graph.together('min', [graph.together('max', [x, low]), high])
            : graph.together(
                name,
                values.map((value) => value.id),
              );
        return { id, type };
      }
    }
    const { id, type } = this.#amount(args[0]);
    const { unit } = type;
    if (name === 'abs') return { id: graph.unary('abs', id), type };
    if (name === 'exp') {
      if (unit.s !== 0 || unit.years !== 0)
        return this.#refuse(`exp takes a value without unit; this has the unit ${unitText(unit)}`, args[0]);
      return { id: graph.unary('exp', id), type: type.free ? free : numberType({ s: unit.ln }) };
    }
    if (unit.ln !== 0) return this.#refuse(`${name} cannot take ${unitText(unit)}`, args[0]);
    if (name === 'sqrt')
      return { id: graph.unary('sqrt', id), type: { ...type, unit: combine(unitless, unit, 0.5) } };
    if (unit.years !== 0)
      return this.#refuse(
        `log takes seconds or a value without unit; this has the unit ${unitText(unit)}`,
        args[0],
      );
    return { id: graph.unary('log', id), type: type.free ? free : numberType({ ln: unit.s }) };
  }

  /** A chain of + and -, all of it at once, because sums are sorted as a whole. */
  #sum(part: Syntax): Value {
    const ids: NodeId[] = [];
    const links: [Syntax, 1 | -1][] = [];
    const collect = (node: Syntax, sign: 1 | -1): void => {
      if (node.type === 'binary' && (node.operator === '+' || node.operator === '-')) {
        collect(node.left, sign);
        collect(node.right, node.operator === '-' ? (-sign as 1 | -1) : sign);
      } else links.push([node, sign]);
    };
    collect(part, 1);
    let type: NumberType = free;
    for (const [node, sign] of links) {
      const value = this.#amount(node);
      ids.push(sign < 0 ? this.graph.negative(value.id) : value.id);
      type = this.#added(type, value.type, sign, node);
    }
    return { id: this.graph.sum(ids), type };
  }

  /** The type of a sum so far and another value. */
  #added(sum: NumberType, other: NumberType, sign: number, place: TextRange): NumberType {
    const bare = ({ unit }: NumberType) => unit.s === 0 && unit.years === 0;
    if ((sum.unit.ln !== 0 || other.unit.ln !== 0) && bare(sum) && bare(other))
      return numberType({ ln: sum.unit.ln + sign * other.unit.ln });
    if (other.free) return sum;
    if (sum.free || sameUnit(sum.unit, other.unit)) return other;
    return this.#refuse(unlike(sum.unit, other.unit), place);
  }

  #product(part: Syntax): Value {
    const links: [Syntax, 1 | -1][] = [];
    const collect = (node: Syntax, power: 1 | -1): void => {
      if (node.type === 'binary' && (node.operator === '*' || node.operator === '/')) {
        collect(node.left, power);
        collect(node.right, node.operator === '/' ? (-power as 1 | -1) : power);
      } else links.push([node, power]);
    };
    collect(part, 1);
    const values = links.map(([node, power]) => ({ node, power, ...this.#amount(node) }));
    const logs = values.filter(({ type }) => type.unit.ln !== 0);
    let unit: FormulaUnit = unitless;
    let factor = 1;
    for (const { id, type, power, node } of values) {
      if (logs.length > 0 && type.unit.ln === 0) {
        const value = this.graph.valueOf(id);
        if (value === undefined || !type.free || value === 0)
          this.#refuse('a logarithm can be multiplied only by a number other than 0', node);
        factor *= value ** power;
      } else if (logs.length > 1 || (logs.length === 1 && power < 0))
        this.#refuse('a logarithm can be multiplied only by a number other than 0', node);
      unit = combine(unit, type.unit, power);
    }
    const id = this.graph.product(
      values.filter((v) => v.power > 0).map((v) => v.id),
      values.filter((v) => v.power < 0).map((v) => v.id),
    );
    const isFree = values.every(({ type }) => type.free);
    return { id, type: isFree ? free : numberType({ ...unit, ln: unit.ln * factor }) };
  }

  #comparison(part: Syntax & { readonly type: 'binary' }): NodeId {
    const { graph } = this;
    const { operator, left, right } = part;
    if (operator === '&&' || operator === '||')
      return graph.together(operator === '&&' ? 'and' : 'or', [
        this.#condition(left),
        this.#condition(right),
      ]);
    if (operator === '==' || operator === '!=') {
      const id = this.#equality(left, right);
      return operator === '==' ? id : graph.unary('not', id);
    }
    const [a, b] = [this.#amount(left), this.#amount(right)];
    this.#common([a, b], [left, right]);
    if (operator === '<' || operator === '>')
      return operator === '<' ? graph.compare('less', a.id, b.id) : graph.compare('less', b.id, a.id);
    return operator === '<=' ? graph.compare('atMost', a.id, b.id) : graph.compare('atMost', b.id, a.id);
  }

  #equality(left: Syntax, right: Syntax): NodeId {
    if (left.type === 'text' && right.type !== 'text') return this.#equality(right, left);
    const value = this.build(left);
    const { kind } = value.type;
    if (right.type === 'text') {
      const names = groupMembers[kind];
      if (names === undefined)
        return this.#refuse('only a country, a language or a gender can be compared with a text', right);
      const at = names.indexOf(right.value);
      if (at < 0)
        return this.#refuse(`there is no ${kind} ${right.value}; there are ${names.join(', ')}`, right);
      return this.graph.equal(value.id, this.graph.constant(at));
    }
    const other = this.build(right);
    if (kind !== 'number' && other.type.kind === kind) return this.graph.equal(value.id, other.id);
    this.#common([value, other], [left, right]);
    return this.#refuse(
      'numbers are compared with <, <=, > or >=, because == depends on their last bits',
      right,
    );
  }

  #condition(part: Syntax): NodeId {
    const { id, type } = this.build(part);
    if (type.kind === 'flag') return id;
    return this.#refuse(
      `yes or no is expected here, such as me.newcomer or me.wait > 30; this is ${shown(type)}`,
      part,
    );
  }

  #amount(part: Syntax): Amount {
    const { id, type } = this.build(part);
    if (type.kind === 'number') return { id, type };
    const hint = type.kind === 'flag' ? ': write if(condition, number, number)' : '';
    return this.#refuse(`a number is expected here; this is ${shown(type)}${hint}`, part);
  }

  /** The type of values that must have the same. */
  #common(values: readonly Value[], places: readonly TextRange[]): Type {
    let type: Type = values[0].type;
    values.slice(1).forEach(({ type: next }, k) => {
      if (type.kind !== next.kind)
        this.#refuse(`${shown(type)} and ${shown(next)} cannot be compared or chosen between`, places[k + 1]);
      if (type.kind !== 'number' || next.kind !== 'number' || next.free) return;
      const bare = ({ unit }: NumberType) => unit.s === 0 && unit.years === 0;
      // A factor without unit changes the scale of a logarithm's argument only.
      const logs = type.unit.ln !== 0 && next.unit.ln === 0 && bare(next);
      if (!type.free && !logs && !sameUnit(type.unit, next.unit))
        this.#refuse(unlike(type.unit, next.unit), places[k + 1]);
      if (type.free) type = next;
    });
    if (values[0].type.kind !== 'number' && values[0].type.kind !== 'flag')
      this.#refuse('only numbers and conditions can be chosen between', places[0]);
    return type;
  }

  #refuse(reason: string, place: TextRange): never {
    throw new FormulaError(reason, place, this.text);
  }
}

function shown(type: Type): string {
  if (type.kind === 'number') return 'a number';
  return type.kind === 'flag' ? 'yes or no' : `a ${type.kind}`;
}
