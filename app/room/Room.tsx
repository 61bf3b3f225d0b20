import { Dialog } from '@base-ui/react/dialog';
import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { useUi, type Panel } from '../state/ui-store.ts';
import { Icon } from '../ui/Icon.tsx';
import './styles/index.css';

export interface RoomTab<T extends string> {
  readonly id: T;
  readonly text: string;
  readonly content: ReactNode;
}

interface Props<T extends string> {
  readonly panel: NonNullable<Panel>;
  readonly title: string;
  readonly tabs: readonly RoomTab<T>[];
  readonly tab: T;
  readonly onTab: (tab: T) => void;
  /** What went wrong, in words; null without a problem. */
  readonly problem: string | null;
  /** The line of the room's task, below its tabs. */
  readonly children: ReactNode;
}

/** A room beside the market: a dialog that fills the window, with tabs. */
export function Room<T extends string>({ panel, title, tabs, tab, onTab, problem, children }: Props<T>) {
  const open = useUi((s) => s.panel === panel);
  const show = useUi((s) => s.open);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => show(next ? panel : null)}>
      <Dialog.Portal>
        <Dialog.Popup className={`enlarged room ${panel}`}>
          <Tabs.Root value={tab} onValueChange={(next) => onTab(next as T)} className="room-tabs">
            <header className="room-bar">
              <Dialog.Title className="room-title">{title}</Dialog.Title>
              <Tabs.List className="room-list">
                {tabs.map(({ id, text }) => (
                  <Tabs.Tab key={id} value={id} className="room-tab">
                    {text}
                  </Tabs.Tab>
                ))}
                <Tabs.Indicator className="tab-indicator" />
              </Tabs.List>
              <Dialog.Close className="icon-button" aria-label="Back to the market">
                <Icon name="close" />
              </Dialog.Close>
            </header>
            {children}
            {problem !== null && (
              <p className="room-problem" role="alert">
                {problem}
              </p>
            )}
            {tabs.map(({ id, content }) => (
              <Tabs.Panel key={id} value={id} className="room-panel">
                {content}
              </Tabs.Panel>
            ))}
          </Tabs.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
