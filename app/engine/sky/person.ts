import { ageBands, countries, genders, languages } from '../../../src/scenario/countries.ts';
import type { Cast } from '../../../src/world/cast.ts';
import type { People, World } from '../../../src/world/types.ts';
import type { SkyView } from '../api.ts';

const languageNames = new Intl.DisplayNames('en', { type: 'language' });
const genderWords = ['Woman', 'Man'] as const;

/**
 * Describes a person in plain lines, with only what a real service would know. `waited` in seconds.
 */
function personLines(people: People, id: number, waited: number): string[] {
  const { name } = countries[people.country[id]];
  const named = languages.map((code) => languageNames.of(code));
  const speaks = named.filter((_, bit) => (people.speaks[id] & (1 << bit)) !== 0);
  const wishes = [
    people.wantsGender[id] === 3 ? '' : `asks for ${genders[people.wantsGender[id] === 1 ? 0 : 1]}`,
    people.wantsOwnCountry[id] === 1 ? 'asks for people in their own country' : '',
    people.reported[id] === 1 ? 'reported lately' : '',
    people.paying[id] === 1 ? 'pays' : '',
  ].filter((text) => text !== '');
  const chats = people.chats[id];
  return [
    `${genderWords[people.gender[id]]}, ${ageBands[people.age[id]]}, ${name}`,
    `phone in ${named[people.language[id]]}, speaks ${speaks.join(', ')}`,
    ...(wishes.length > 0 ? [wishes.join(', ')] : []),
    `waited ${waited.toFixed(1)} s`,
    chats === 0 ? 'here for the first time' : `${chats} ${chats === 1 ? 'chat' : 'chats'} in all`,
  ];
}

/** Describes an imported person, with the names from the files. */
function castLines(cast: Cast, people: People, id: number, waited: number): string[] {
  const known = [
    ...(cast.sideNames.length > 1 ? [cast.sideNames[cast.side[id]]] : []),
    ...(cast.ageTold ? [ageBands[cast.age[id]]] : []),
    ...(cast.groupNames.length > 1 ? [cast.groupNames[cast.group[id]]] : []),
  ];
  const met = cast.meetings[id];
  const tonight = people.chats[id] - Math.max(1, met);
  return [
    cast.ids[id],
    ...(known.length > 0 ? [known.join(', ')] : []),
    `waited ${waited.toFixed(1)} s`,
    `${met} ${met === 1 ? 'meeting' : 'meetings'} in the data, ${tonight} ${tonight === 1 ? 'chat' : 'chats'} tonight`,
  ];
}

/** Lines about anybody of a world. `waited` in seconds. */
export function describePerson({ people, cast }: World, id: number, waited: number): string[] {
  return cast === undefined ? personLines(people, id, waited) : castLines(cast, people, id, waited);
}

/** Segment index of a person under a colouring; 0 for 'waited', which has no segments. */
export function segmentOf(people: People, id: number, by: SkyView['colourBy']): number {
  switch (by) {
    case 'country':
      return people.country[id];
    case 'gender':
      return people.gender[id];
    case 'age':
      return people.age[id];
    case 'newcomer':
      return people.chats[id] === 0 ? 1 : 0;
    case 'waited':
      return 0;
  }
}
