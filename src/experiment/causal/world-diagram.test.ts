import { describe, expect, test } from 'vitest';
import { scenario } from '../../scenario/parse.ts';
import type { ScenarioInput } from '../../scenario/schema.ts';
import { Meetings } from '../../sim/evening/meeting.ts';
import { TASTE } from '../../world/types.ts';
import { createWorld } from '../../world/world.ts';
import { minimalAdjustmentSets } from './back-door.ts';
import { descendants, parentsOf } from './diagram.ts';
import { worldDiagram } from './world-diagram.ts';

/** Columns of people by the node that they are. */
const nodeOf = {
  ...{ country: 'country', language: 'language', speaks: 'speaks', gender: 'gender', age: 'age' },
  ...{ reported: 'reported', paying: 'paying', wantsGender: 'filter', wantsOwnCountry: 'own_country' },
  ...{ taste: 'taste', appeal: 'appeal', talk: 'talk', charm: 'charm', patience: 'patience' },
  ...{ chats: 'history', sessions: 'history', meanLog: 'history' },
} as const;
type Column = keyof typeof nodeOf;
const columns = Object.keys(nodeOf) as Column[];
const birth = [...new Set<string>(Object.values(nodeOf))];

const small = (population: ScenarioInput['population']) =>
  scenario({ seed: 50_000, population: { people: 300, online: 50, ...population } });

describe('birth: everybody gets another value, and all draws stay the same', () => {
  test.each<[string, ScenarioInput['population'], ScenarioInput['population']]>([
    ['gender', { women: 0 }, { women: 1 }],
    ['reported', { reported: 0.2 }, { reported: 0.8 }],
    ['paying', { paying: 0, genderFilter: 0.4 }, { paying: 1, genderFilter: 0.8 }],
    ['own_country', { countryFilter: 0 }, { countryFilter: 1 }],
    ['language', { foreignDevice: 0 }, { foreignDevice: 1 }],
    ['newcomer', { newcomers: 0 }, { newcomers: 1 }],
    [
      'country',
      { countries: { JP: 1, KR: 0, US: 0, TR: 0, DE: 0, BR: 0, ID: 0, FR: 0 } },
      { countries: { JP: 0, KR: 1, US: 0, TR: 0, DE: 0, BR: 0, ID: 0, FR: 0 } },
    ],
  ])('%s changes what the diagram says it changes', (node, from, to) => {
    const [one, other] = [from, to].map((population) => createWorld(small(population)).people);
    const changed = columns.filter((column) => one[column].some((x, k) => x !== other[column][k]));
    const found = new Set(changed.map((column): string => nodeOf[column]));
    found.delete(node);
    const expected = [...descendants(worldDiagram, node)].filter((name) => birth.includes(name));
    expect([...found].sort()).toEqual(expected.sort());
  });
});

test('the length of a chat depends on its parents in the diagram, directly, and on nothing else', () => {
  const base = createWorld(small({}));
  const length = (change: (people: typeof base.people) => void) => {
    const world = createWorld(small({}));
    world.people.whim.fill(0.5);
    world.people.language.fill(0);
    change(world.people);
    return new Meetings(world).begin(0, 1, 1000, { duration: 0, leaver: 0 }).duration;
  };
  const plain = length(() => undefined);
  const moved = [...columns, 'whim' as const, 'mood' as const].filter((column) => {
    const width = column === 'taste' || column === 'appeal' ? TASTE : 1;
    // Either side may be the first to leave, so both may have to change.
    return [0, 1].some(
      (person) =>
        length((people) => {
          const values: { [index: number]: number } = people[column];
          for (let k = 0; k < width; k++)
            values[person * width + k] = values[person * width + k] === 1 ? 0 : 1;
        }) !== plain,
    );
  });
  const nodes = new Set(
    moved.map((column): string => (column in nodeOf ? nodeOf[column as Column] : column)),
  );
  const parents = parentsOf(worldDiagram, 'chat').filter((name) => !['partner', 'matched'].includes(name));
  expect([...nodes].sort()).toEqual(parents.sort());
});

test('what can be learned from a log: attributes are free of confounding, chats are not', () => {
  expect(minimalAdjustmentSets(worldDiagram, 'policy', 'chat')).toEqual([[]]);
  expect(minimalAdjustmentSets(worldDiagram, 'filter', 'wait')).toEqual([['gender', 'paying']]);
  // The mood before a chat moves its length and the return, and nobody sees it.
  expect(minimalAdjustmentSets(worldDiagram, 'chat', 'returns')).toEqual([]);
  // A friend request follows the chat and leads nowhere.
  expect(descendants(worldDiagram, 'friend').has('returns')).toBe(false);
});
