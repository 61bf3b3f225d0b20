import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface Props {
  icon: IconName;
  /** Its name, said by screen readers and shown when pointed at. */
  label: string;
  /** Its shortcut, shown with the name. */
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
            // Still focusable, so that the focus is not lost when the last step is undone.
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
