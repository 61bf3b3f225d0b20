import { describe, expect, test } from 'vitest';
import { isFrontDoor, minimalAdjustmentSets, openBackDoor } from './back-door.ts';
import { parseDiagram } from './diagram.ts';
import { diagramWithRoles, roleOf } from './roles.ts';

describe('a diagram as text', () => {
  test('chains in both directions, lists, comments and hidden variables', () => {
    const diagram = parseDiagram('filter -> wait -> chat # a wait\nchat <- mood; hidden: mood\na, b -> chat');
    expect(diagram.arrows).toEqual([
      ['filter', 'wait'],
      ['wait', 'chat'],
      ['mood', 'chat'],
      ['a', 'chat'],
      ['b', 'chat'],
    ]);
    expect([...diagram.hidden]).toEqual(['mood']);
  });

  test.each([
    ['a -> b\nb c', 'f:2:1: "b c" is no arrow; write "cause -> effect"'],
    ['a ->', 'f:1:1: a name is missing'],
    ['', 'f: there is no arrow'],
    ['a -> b -> c -> a', 'closes a circle'],
    ['a -> a', 'the arrow a -> a closes a circle'],
    ['a -> b; hidden: c', 'the hidden variable "c" has no arrow'],
  ])('%j is refused', (text, message) => {
    expect(() => parseDiagram(text, 'f')).toThrow(message);
  });
});

describe('roles', () => {
  const roles = (text: string) => {
    const { nodes } = diagramWithRoles(parseDiagram(text), 'x', 'y');
    return Object.fromEntries(nodes.map(({ name, role }) => [name, role]));
  };

  test('every role once', () => {
    expect(
      roles('c -> x, y; x -> m -> y; x -> k <- y; x -> e; m -> e2; i -> x; p -> y; u -> v; y -> z'),
    ).toMatchObject({
      ...{ x: 'treatment', y: 'outcome', c: 'confounder', m: 'mediator', k: 'collider', z: 'collider' },
      ...{
        e: 'consequence',
        e2: 'consequence',
        i: 'instrument',
        p: 'cause',
        u: 'unaffected',
        v: 'unaffected',
      },
    });
  });

  test('a cause of the treatment whose way to the outcome leads through it is no confounder', () => {
    expect(roles('i -> x -> m -> y').i).toBe('instrument');
  });

  test('the collider of two causes (M-bias) may not be adjusted for, the butterfly has to be', () => {
    const m = 'x <- a -> z <- b -> y; x -> y';
    expect(roles(m).z).toBe('collider');
    expect(minimalAdjustmentSets(parseDiagram(m), 'x', 'y')).toEqual([[]]);
    const butterfly = parseDiagram(`${m}; z -> x, y`);
    expect(roleOf(butterfly, 'x', 'y', 'z')).toBe('confounder');
    expect(minimalAdjustmentSets(butterfly, 'x', 'y')).toEqual([
      ['a', 'z'],
      ['b', 'z'],
    ]);
    expect(openBackDoor(butterfly, 'x', 'y', ['z'])).toBe('x <- a -> z <- b -> y');
  });

  test('a hidden cause leaves no set, and its path is named', () => {
    const diagram = parseDiagram('x <- u -> y; x -> m -> y; hidden: u');
    expect(diagramWithRoles(diagram, 'x', 'y')).toMatchObject({
      adjustmentSets: [],
      openPath: 'x <- u -> y',
      arrows: [{ causal: false }, { causal: false }, { causal: true }, { causal: true }],
    });
    expect(isFrontDoor(diagram, 'x', 'y', 'm')).toBe(true);
    expect(isFrontDoor(parseDiagram('x <- u -> y; x -> m -> y; u -> m'), 'x', 'y', 'm')).toBe(false);
    expect(isFrontDoor(parseDiagram('x -> m -> y; x -> y'), 'x', 'y', 'm')).toBe(false);
  });

  test('what is not in the diagram is named', () => {
    expect(() => diagramWithRoles(parseDiagram('a -> b'), 'a', 'c')).toThrow(
      'the diagram has no "c"; it has a, b',
    );
  });
});
