import { Menu } from '@base-ui/react/menu';
import { useLayoutEffect, useRef, type ReactNode } from 'react';
import type { LateButtonProps } from './late-button.tsx';

export interface MenuButtonProps extends LateButtonProps {
  /** Its entries, where one is an action. */
  readonly items?: readonly { readonly text: ReactNode; readonly onClick: () => void }[];
  /** Its entries, where they are the values of a choice. */
  readonly choice?: {
    readonly value: unknown;
    readonly options: readonly { readonly value: string | number; readonly label: string }[];
    readonly onChange: (value: string | number) => void;
  };
  readonly side?: 'top' | 'bottom';
  readonly align?: 'start' | 'end';
  readonly gap?: number;
  readonly classes?: { readonly positioner: string; readonly menu: string; readonly item: string };
}

const plain = { positioner: 'positioner', menu: 'menu', item: 'menu-item' };

/**
 * A button with its menu, which opens as soon as it is rendered. The key that highlights the first
 * entry whenever the menu opens later does so the first time, too.
 */
export default function OpenedMenu({
  trigger,
  byKeyboard = false,
  items = [],
  choice,
  side = 'bottom',
  align = 'start',
  gap = 6,
  classes = plain,
}: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!byKeyboard) return;
    button.current?.focus();
    button.current?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
  }, [byKeyboard]);
  return (
    <Menu.Root defaultOpen={!byKeyboard}>
      <Menu.Trigger {...trigger} ref={button} />
      <Menu.Portal>
        <Menu.Positioner className={classes.positioner} side={side} align={align} sideOffset={gap}>
          <Menu.Popup className={classes.menu}>
            {items.map(({ text, onClick }, i) => (
              <Menu.Item key={i} className={classes.item} onClick={onClick}>
                {text}
              </Menu.Item>
            ))}
            {choice && (
              <Menu.RadioGroup value={choice.value} onValueChange={choice.onChange}>
                {choice.options.map(({ value, label }) => (
                  <Menu.RadioItem key={value} value={value} closeOnClick className={classes.item}>
                    {label}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
