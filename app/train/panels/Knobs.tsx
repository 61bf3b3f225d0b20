import { valueAt } from '../../state/knobs.ts';
import { KnobField } from '../../ui/rail/KnobControl.tsx';
import { roomKnob, roomKnobs, setTrainingKnob, useTrain } from '../state/store.ts';

/** One knob of the room, at its present value. */
export function RoomKnob({ path }: { readonly path: string }) {
  const value = useTrain((s) => valueAt(s.settings, path));
  const problem = useTrain((s) => s.problems[path] ?? null);
  return (
    <KnobField
      knob={roomKnob(path)}
      value={value}
      problem={problem}
      onChange={(next) => setTrainingKnob(path, next)}
      verbose
    />
  );
}

/** All knobs of a group of the settings, e.g. "evenings". */
export function RoomKnobs({ group }: { readonly group: string }) {
  return roomKnobs
    .filter((knob) => knob.group === group)
    .map(({ path }) => <RoomKnob key={path} path={path} />);
}
