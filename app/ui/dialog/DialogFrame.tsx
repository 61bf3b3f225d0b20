import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { Icon } from '../Icon.tsx';

/** What all dialogs have: a dimmed page behind them, a title, and a button that closes them. */
export function DialogFrame({
  name,
  title,
  initialFocus,
  children,
}: {
  /** Class of this dialog. */
  readonly name: string;
  readonly title: string;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}) {
  return (
    <Dialog.Portal>
      <Dialog.Backdrop className="backdrop" />
      <Dialog.Popup className={`dialog ${name}`} initialFocus={initialFocus}>
        <header className="dialog-head">
          <Dialog.Title className="dialog-title">{title}</Dialog.Title>
          <Dialog.Close className="icon-button" aria-label="Close">
            <Icon name="close" />
          </Dialog.Close>
        </header>
        {children}
      </Dialog.Popup>
    </Dialog.Portal>
  );
}
