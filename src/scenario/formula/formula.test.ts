import { describe, expect, it } from 'vitest';
import { Stream, uniform } from '../../base/hash.ts';
import { builtIn, builtInOfPoints, formulaExamples } from './examples.ts';
import { compileFormula, formulaProblem } from './language.ts';
import { FormulaError } from './syntax.ts';
import { terms } from './terms.ts';
import { functions } from './words.ts';

/** How many texts: more on request. */
const COUNT = Number(process.env['FUZZ'] ?? 3000);

describe('formulas', () => {
  it.each([
    ...formulaExamples.map(({ text }) => text),
    ...Object.values(builtIn),
    ...Object.values(builtInOfPoints),
    '5',
    'me.score + 0.5 * me.wait + you.score + 0.5 * you.wait',
    'min(me.score, 900) / max(me.wait, 1) * min(you.score, 900) / max(you.wait, 1) * second',
    '(me.wait - you.wait) * (me.wait - you.wait) / second',
    'abs(me.price - you.price) - 3 * second * abs(me.chats - you.chats)',
    'exp(0.25 * me.log + 0.75 * you.log) + exp(0.75 * me.log + 0.25 * you.log)',
    'me.age > 30 * year && you.age > 30 * year ? both(me.score) : 0',
    'if(me.country == you.country || me.language === you.language, 2, 1) * sqrt(me.score * you.score)',
    'if(me.wait > 30 && !(me.paying) || you.wait > 30 && !(you.paying), both(me.wait), 0)',
    'min(me.score, you.score, 300) - max(me.wait * 0, you.wait * 0)',
  ])('accepts %s', (text) => {
    const { bound } = compileFormula(text);
    expect(bound.high).toBeLessThanOrEqual(1e12);
    expect(bound.low).toBeGreaterThanOrEqual(-1e12);
    expect(bound.low).toBeLessThanOrEqual(bound.high);
  });

  it.each([
    ['me.score', 1, 'not symmetric'],
    ['me.score + 2 * you.score', 1, 'not symmetric'],
    ['if(me.age > you.age, 1, 2)', 1, 'not symmetric'],
    ['both(me.score', 14, 'Expected )'],
    ['me.score + you.scoer', 12, 'did you mean "score"?'],
    ['score', 1, 'say whose: me.score or you.score'],
    ['them.score', 1, 'terms belong to "me" or "you"'],
    ['bth(me.score)', 1, 'there is no function bth; did you mean "both"?'],
    ['both(me.score + me.chats)', 17, 'no unit'],
    ['both(me.score * me.wait)', 1, 'it gives seconds^2'],
    ['both(me.log)', 1, 'the logarithm of seconds'],
    ['both(me.age)', 1, 'it gives years'],
    ['both(me.newcomer)', 6, 'a number is expected here; this is yes or no'],
    ['if(me.score, 1, 2)', 4, 'yes or no is expected here'],
    ['both(me.country * 2)', 6, 'a number is expected here'],
    ['if(me.country == "XX", 1, 2)', 18, 'there is no country XX; there are JP'],
    ['if(me.score == you.score, 1, 2)', 16, 'numbers are compared with <'],
    ['if(me.country == you.language, 1, 2)', 18, 'cannot be compared'],
    ['both(exp(me.wait))', 10, 'without unit'],
    ['both(exp(me.chats)) * second', 6, 'exp needs a value between -80 and 80; it may be 1050000'],
    ['both(second / me.chats)', 6, 'may be 0'],
    ['both(log(me.chats)) * second', 6, 'log needs a value above 0'],
    ['both(sqrt(me.points * second))', 6, 'sqrt needs a value that is not negative'],
    ['both(me.score * me.score * me.score * me.score / second / second / second)', 6, 'limit'],
    ['both(me.score * me.score / second)', 1, 'weights may reach'],
    ['min(me.score)', 1, 'takes 2 to 8 values; here are 1'],
    ['me.score you.score', 10, 'an operator is missing'],
    ['me.score % you.score', 9, 'there is no operator %'],
    ['me["score"]', 1, 'write me.NAME'],
    ['me.score.score', 1, 'write me.NAME'],
    ['me.score(1)', 1, 'only functions can be called'],
    ['"JP"', 1, 'a text stands only beside'],
    ['true', 1, 'means nothing here'],
    ['this', 1, 'means nothing in a formula'],
    ['[1, 2]', 1, 'means nothing in a formula'],
    ['1e13', 1, 'numbers lie between'],
    ['  ', 1, 'it is empty'],
    ['1 +', 4, 'Expected expression after +'],
    ['me.wait > 3', 1, 'a weight is a number'],
    [`1${' + 1'.repeat(400)}`, 1001, 'it has 1601 characters; the limit is 1000'],
  ])('refuses %s at character %i', (text, character, reason) => {
    const problem = formulaProblem(text);
    expect(problem).toContain(reason);
    expect(problem).toMatch(new RegExp(`at character ${character}\\b`));
  });

  it('reaches nothing that a prototype has', () => {
    const names = [
      'constructor',
      '__proto__',
      'prototype',
      'toString',
      'valueOf',
      'hasOwnProperty',
      '__defineGetter__',
    ];
    for (const name of names)
      for (const text of [
        ...[
          name,
          `me.${name}`,
          `${name}.score`,
          `${name}(1)`,
          `me.${name}.${name}`,
          `both(${name}(me.score))`,
        ],
        ...[`if(me.country == "${name}", 1, 2)`, `if(me.${name} == "JP", 1, 2)`, `both.${name}`],
      ])
        expect(formulaProblem(text), text).toBeDefined();
  });

  it('reads any text, and only formulas pass', () => {
    const words = [
      ...terms.flatMap(({ name }) => [`me.${name}`, `you.${name}`]),
      ...functions.map(({ name }) => `${name}(`),
      ...[
        ')',
        ')',
        '(',
        ',',
        '+',
        '-',
        '*',
        '/',
        '<',
        '>=',
        '==',
        '!=',
        '&&',
        '||',
        '!',
        '?',
        ':',
        ' ',
        '.',
        '[',
        ']',
      ],
      ...[
        '0',
        '1',
        '2.5',
        '1e9',
        '.',
        'e',
        '"JP"',
        "'",
        '"',
        'second',
        'year',
        '__proto__',
        'constructor',
        'é',
        '\u0000',
        ';',
      ],
    ];
    const seeds = formulaExamples.map(({ text }) => text);
    let [accepted, draws] = [0, 0];
    const draw = (below: number) => Math.floor(below * uniform(9, Stream.world, ++draws, 3));
    for (let k = 0; k < COUNT; k++) {
      let text = k % 2 === 0 ? seeds[draw(seeds.length)] : '';
      const edits = k % 2 === 0 ? 1 + draw(3) : 1 + draw(40);
      for (let e = 0; e < edits; e++) {
        const at = draw(text.length + 1);
        const dropped = draw(3) === 0 ? draw(6) : 0;
        text = text.slice(0, at) + words[draw(words.length)] + text.slice(at + dropped);
      }
      try {
        const { order, nodes } = compileFormula(text);
        expect(order.length).toBeLessThanOrEqual(300);
        expect(nodes.length).toBeLessThanOrEqual(20_000);
        accepted++;
      } catch (error) {
        if (!(error instanceof FormulaError)) throw new Error(`${JSON.stringify(text)}: ${String(error)}`);
        const { from, to } = error.place;
        expect(from >= 0 && to >= from && to <= text.length).toBe(true);
      }
    }
    expect(accepted).toBeGreaterThan(COUNT / 1000);
  });

  it('stays small where parts repeat', () => {
    const nested = `${'both('.repeat(150)}sqrt(me.score * you.wait) + me.wait${')'.repeat(150)}`;
    expect(compileFormula(nested).order.length).toBeLessThan(16);
    expect(formulaProblem('('.repeat(490) + '1' + ')'.repeat(490))).toBeUndefined();
    expect(
      formulaProblem(`both(${Array.from({ length: 90 }, () => 'me.score*me.wait').join('+')})`),
    ).toBeDefined();
  });
});
