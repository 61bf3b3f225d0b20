import { useState, type ComponentProps, type ComponentType } from 'react';
import { late } from './late.tsx';

export interface LateButtonProps {
  /** The button, with its text. */
  readonly trigger: Omit<ComponentProps<'button'>, 'type' | 'onClick' | 'ref'> & {
    readonly [data: `data-${string}`]: unknown;
  };
  /** Whether the keyboard or a screen reader asked for the first opening. */
  readonly byKeyboard?: boolean;
}

/**
 * A button that opens a menu, a popover or a dialog. What it opens is loaded soon after the first
 * tick, or when it is pressed before; it then renders the button itself, and opens at once.
 */
export function lateButton<P extends LateButtonProps>(
  what: string,
  popup: 'menu' | 'dialog',
  load: () => Promise<{ default: ComponentType<P> }>,
): ComponentType<P> {
  const Opened = late<P>(what, load, 'card', 'soon');
  return function LateButton(props) {
    const [asked, setAsked] = useState<'pointer' | 'keyboard' | null>(null);
    const plain = (
      <button
        type="button"
        {...props.trigger}
        aria-haspopup={popup}
        aria-expanded={false}
        onClick={({ detail }) => setAsked(detail === 0 ? 'keyboard' : 'pointer')}
        onKeyDown={(event) => {
          if (popup !== 'menu' || event.key !== 'ArrowDown') return;
          event.preventDefault();
          setAsked('keyboard');
        }}
      />
    );
    if (asked === null) return plain;
    const byKeyboard = asked === 'keyboard';
    return <Opened {...props} {...{ byKeyboard }} waiting={plain} onClose={() => setAsked(null)} />;
  };
}
