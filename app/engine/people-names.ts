import type { FittedWorld } from '../../src/import/world/fitted-world.ts';
import type { PeopleNames } from './api.ts';

/** What imported people and their groups are called. */
export function namesOf({ cast }: FittedWorld): PeopleNames {
  const { name, count, groupLabel, groupNames, sideLabel, sideNames, ageTold, vectors } = cast;
  return {
    ...{ name, count, groupLabel, groups: groupNames, sideLabel, sides: sideNames, ageTold },
    hasVectors: vectors !== undefined,
  };
}
