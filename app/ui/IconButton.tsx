import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface Props {
  icon: IconName;
  /** The accessible name, also shown as a tooltip. */
  label: string;
  /** The keyboard shortcut, shown in the tooltip. */
  keys?: string;
  className?: string;
  size?: number;
  disabled?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  id?: string;
  onClick: () => void;
  children?: ReactNode;
}

export function IconButton({
  icon,
  label,
  keys,
  className = '',
  size = 18,
  disabled = false,
  pressed,
  expanded,
  id,
  onClick,
  children,
}: Props) {
  return (
    <button
      type="button"
      id={id}
      className={`icon-button ${className}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      // A disabled button stays focusable, so that the last undo does not lose the focus.
      aria-disabled={disabled || undefined}
      // The tooltip of late/tips.tsx.
      data-tip={label}
      data-keys={keys}
      onClick={disabled ? undefined : onClick}
    >
      <Icon name={icon} size={size} />
      {children}
    </button>
  );
}
