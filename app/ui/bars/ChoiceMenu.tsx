import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { Icon } from '../Icon.tsx';

interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

interface ChoiceMenuProps<T> {
  /** The accessible name; the chosen value is read after it. */
  readonly name: string;
  readonly className: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** Stands before the chosen value. */
  readonly children?: ReactNode;
}

/** A button that shows the chosen value, and a menu of all values. */
export function ChoiceMenu<T extends string | number>({
  name,
  className,
  choices,
  value,
  onChange,
  children,
}: ChoiceMenuProps<T>) {
  const chosen = choices.find((choice) => choice.value === value)?.label ?? String(value);
  return (
    <Menu.Root>
      <Menu.Trigger className={className} aria-label={`${name}: ${chosen}`}>
        {children} <span>{chosen}</span>
        <Icon name="down" size={14} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="positioner" align="start" sideOffset={6}>
          <Menu.Popup className="menu">
            <Menu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
              {choices.map((choice) => (
                <Menu.RadioItem key={choice.value} value={choice.value} closeOnClick className="menu-item">
                  {choice.label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
