import type { Column, Table } from '../../base/table.ts';
import { countries, genders } from '../../scenario/countries.ts';
import type { Cast } from '../../world/cast.ts';

/**
 * The tables of a market of imported people with their own names: groups in place of countries,
 * sides in place of women and men. Groups that these people do not have are left out.
 */
export function relabelTables(tables: readonly Table[], cast: Cast): Table[] {
  const words = wordsOf(cast);
  return tables.map((table) => relabel(table, cast, words));
}

/** The name that replaces a country or gender; null where these people have no such group. */
export function castName(cast: Cast, text: string): string | null {
  const c = countries.findIndex(({ code, name }) => code === text || name === text);
  if (c >= 0) return cast.groupNames[c] ?? null;
  const g = (genders as readonly string[]).indexOf(text);
  return g >= 0 ? (cast.sideNames[g] ?? null) : text;
}

function relabel(table: Table, cast: Cast, words: Words): Table {
  const dropped = new Set<number>();
  // In other tables the name of a dimension is a key by which charts find rows.
  const isChoice = table.name === 'slices';
  const dimension = table.columns.find((c) => c.name === 'dimension')?.values;
  for (const { values } of table.columns) {
    if (values instanceof Float64Array) continue;
    values.forEach((text, r) => {
      if (castName(cast, text) === null) dropped.add(r);
      if (dimension === values && dimensionGone(cast, text)) dropped.add(r);
    });
  }
  const rows = Array.from({ length: table.rows }, (_, r) => r).filter((r) => !dropped.has(r));
  const columns = table.columns.flatMap((column): Column[] => {
    const code = /^waiting_([A-Z]{2})$/.exec(column.name)?.[1];
    const label = code === undefined ? words.in(column.label) : castName(cast, code);
    if (label === null) return [];
    const { values } = column;
    return [
      {
        ...column,
        label,
        values:
          values instanceof Float64Array
            ? Float64Array.from(rows, (r) => values[r])
            : rows.map((r) =>
                values === dimension && isChoice
                  ? dimensionName(cast, values[r])
                  : (castName(cast, values[r]) ?? ''),
              ),
      },
    ];
  });
  const facts = Object.entries(table.facts).map(([name, fact]) => [
    // The sentence about a dimension is found by the name of the dimension.
    name.replace(/(?<=^explanation_).*/, (own) => dimensionName(cast, own)),
    typeof fact === 'string' ? words.in(fact) : fact,
  ]);
  return {
    ...table,
    title: words.in(table.title),
    rows: rows.length,
    columns,
    facts: Object.fromEntries(facts) as Table['facts'],
  };
}

/** Whether a dimension says nothing about these people. */
function dimensionGone(cast: Cast, dimension: string): boolean {
  if (dimension === 'age') return !cast.ageTold;
  if (dimension === 'gender') return cast.sideNames.length < 2;
  if (dimension === 'country') return cast.groupNames.length < 2;
  // Nobody is new, and the only filter divides the sides.
  return dimension === 'newcomer' || dimension === 'filter';
}

function dimensionName(cast: Cast, dimension: string): string {
  return dimension === 'country' ? cast.groupLabel : dimension === 'gender' ? cast.sideLabel : dimension;
}

interface Words {
  /** A sentence with the names of these people. */
  in(text: string): string;
}

function wordsOf(cast: Cast): Words {
  const names = new Map<string, string>();
  countries.forEach(({ name }, c) => names.set(name, cast.groupNames[c] ?? name));
  genders.forEach((name, g) => names.set(name, cast.sideNames[g] ?? name));
  names.set('gender', cast.sideLabel);
  names.set('genders', 'sides');
  names.set('country', `group of ${cast.groupLabel}`);
  names.set('countries', `groups of ${cast.groupLabel}`);
  names.set('Country', cast.groupLabel);
  const pattern = new RegExp(
    `(?<![\\p{L}_])(${[...names.keys()].sort((a, b) => b.length - a.length).join('|')})(?![\\p{L}_])`,
    'gu',
  );
  return { in: (text) => text.replaceAll(pattern, (word) => names.get(word) ?? word) };
}
