import { Tooltip } from '@base-ui/react/tooltip';
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
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <button
            type="button"
            id={id}
            className={`icon-button ${className}`}
            aria-label={label}
            aria-pressed={pressed}
            aria-expanded={expanded}
            // A disabled button stays focusable, so that the last undo does not lose the focus.
            aria-disabled={disabled || undefined}
            onClick={disabled ? undefined : onClick}
          />
        }
      >
        <Icon name={icon} size={size} />
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6}>
          <Tooltip.Popup className="tooltip">
            {label}
            {keys !== undefined && <kbd>{keys}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
