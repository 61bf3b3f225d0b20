import { Switch } from '@base-ui/react/switch';
import { useId } from 'react';

interface Props {
  readonly label: string;
  readonly help: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A switch of a room, with its line of help. */
export function RoomSwitch({ label, help, checked, disabled, onChange }: Props) {
  const id = useId();
  return (
    <div className="room-switch">
      <Switch.Root
        className="switch"
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-help`}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <div>
        <span id={`${id}-label`}>{label}</span>
        <p id={`${id}-help`} className="knob-help">
          {help}
        </p>
      </div>
    </div>
  );
}
