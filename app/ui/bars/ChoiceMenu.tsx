import type { ReactNode } from 'react';
import { Icon } from '../Icon.tsx';
import { MenuButton } from '../late/MenuButton.tsx';

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
    <MenuButton
      trigger={{
        className,
        'aria-label': `${name}: ${chosen}`,
        children: (
          <>
            {children} <span>{chosen}</span>
            <Icon name="down" size={14} />
          </>
        ),
      }}
      choice={{ value, options: choices, onChange: (next) => onChange(next as T) }}
    />
  );
}
