import { ageBands, countries, genders } from '../../../src/scenario/countries.ts';
import type { PeopleNames, SkyView } from '../../engine/api.ts';
import { LONG_WAIT, RAMP, SEGMENTS, segmentShapes } from '../../sky/palette.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { ChoiceMenu } from '../bars/ChoiceMenu.tsx';
import { shapePath } from './shapes.ts';

type ColourBy = SkyView['colourBy'];

const choices: readonly { value: ColourBy; label: string }[] = [
  { value: 'country', label: 'country' },
  { value: 'gender', label: 'gender' },
  { value: 'age', label: 'age' },
  { value: 'newcomer', label: 'newcomers' },
  { value: 'waited', label: 'time waited' },
];

const segments: Readonly<Record<Exclude<ColourBy, 'waited'>, readonly string[]>> = {
  country: countries.map((c) => c.name),
  gender: genders,
  age: ageBands,
  newcomer: ['regulars', 'newcomers'],
};

/**
 * The choices for imported people, with the names from their files, if the files have that column.
 */
function ownChoices({ groups, groupLabel, sides, sideLabel, ageTold }: PeopleNames): typeof choices {
  return choices.flatMap(({ value, label }): (typeof choices)[number][] => {
    if (value === 'country') return groups.length > 1 ? [{ value, label: groupLabel }] : [];
    if (value === 'gender') return sides.length > 1 ? [{ value, label: sideLabel }] : [];
    if (value === 'age') return ageTold ? [{ value, label }] : [];
    return value === 'newcomer' ? [] : [{ value, label }];
  });
}

function ownSegments(people: PeopleNames, by: Exclude<ColourBy, 'waited'>): readonly string[] {
  return by === 'country'
    ? people.groups
    : by === 'gender'
      ? people.sides
      : by === 'age'
        ? segments.age
        : ['everybody'];
}

/** The meaning of the colours and shapes of the sky, and the choice of what they show. */
export function Legend() {
  const colourBy = useUi((s) => s.colourBy);
  const setColourBy = useUi((s) => s.setColourBy);
  const people = useStatus((s) => s.info?.people ?? null);
  const offered = people === null ? choices : ownChoices(people);
  return (
    <div className="legend">
      <ChoiceMenu
        name="Colour the dots by"
        className="legend-choice"
        choices={offered}
        value={colourBy}
        onChange={setColourBy}
      />
      {colourBy === 'waited' ? (
        <Ramp />
      ) : (
        <Segments names={people === null ? segments[colourBy] : ownSegments(people, colourBy)} />
      )}
    </div>
  );
}

function Segments({ names }: { names: readonly string[] }) {
  return (
    <ul className="legend-list">
      {names.map((name, i) => (
        <li key={name}>
          <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
            <path
              d={shapePath(segmentShapes[i % SEGMENTS])}
              fill={segmentShapes[i % SEGMENTS] === 'ring' ? 'none' : `var(--segment-${i % SEGMENTS})`}
              stroke={segmentShapes[i % SEGMENTS] === 'ring' ? `var(--segment-${i % SEGMENTS})` : 'none'}
              strokeWidth="1.8"
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function Ramp() {
  return (
    <p className="legend-ramp">
      just came
      <span className="ramp" aria-hidden="true">
        {Array.from({ length: RAMP }, (_, i) => (
          <i key={i} style={{ background: `var(--segment-${SEGMENTS + i})` }} />
        ))}
      </span>
      {LONG_WAIT} s and more
    </p>
  );
}
