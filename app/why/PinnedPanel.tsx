import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useRef, type ComponentType } from 'react';
import { createPortal } from 'react-dom';
import { count } from '../state/format.ts';
import { MemoriesTab } from '../phone/MemoriesTab.tsx';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import { Icon } from '../ui/Icon.tsx';
import { usePinned, type PinnedState } from './use-pinned.ts';
import { WhyTab } from './WhyTab.tsx';
import './why.css';

/** What the panel can show of a person. With one tab there is no list of tabs. */
const tabs: readonly {
  readonly id: string;
  readonly label: string;
  readonly Part: ComponentType<{ readonly state: PinnedState }>;
}[] = [
  { id: 'why', label: 'Why this pair?', Part: WhyTab },
  { id: 'phone', label: 'Phone', Part: MemoriesTab },
];

/** Phones remember something only where there is a feed or a tray. */
const hasPhones = () => {
  const scenario = useStatus.getState().info?.scenario;
  return scenario !== undefined && (scenario.feed.on === 'on' || scenario.tray.on === 'on');
};

/** Marks the person in their sky, while they wait. */
function Ring({ place }: Pick<PinnedState, 'place'>) {
  const side = useUi((s) => s.pinned?.side ?? 'main');
  const sky = document.querySelectorAll('.sky').item(side === 'main' ? 0 : 1) as Element | null;
  if (place === null || sky === null) return null;
  return createPortal(<span className="sky-cursor" style={{ left: place.x, top: place.y }} />, sky);
}

/** The person who was clicked in the sky, until the panel is closed. */
export default function PinnedPanel() {
  const state = usePinned();
  const shown = tabs.filter(({ id }) => id !== 'phone' || hasPhones());
  const onLeft = useUi((s) => s.pinned?.onLeft ?? false);
  const panel = useRef<HTMLElement>(null);
  const close = () => {
    useUi.getState().pin(null);
    document.querySelector<HTMLElement>('.sky')?.focus();
  };
  useEffect(() => panel.current?.focus(), []);
  return (
    <>
      <Ring place={state.place} />
      <aside
        ref={panel}
        className="pinned"
        data-at={onLeft ? 'right' : 'left'}
        tabIndex={-1}
        aria-labelledby="pinned-title"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          close();
        }}
      >
        <header className="pinned-head">
          <h2 id="pinned-title">{state.why === null ? 'Why this pair?' : `Person ${count(state.why.id)}`}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <Tabs.Root defaultValue={tabs[0].id} className="pinned-body">
          {shown.length > 1 && (
            <Tabs.List className="pinned-tabs">
              {shown.map(({ id, label }) => (
                <Tabs.Tab key={id} value={id} className="tab">
                  {label}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          )}
          {shown.map(({ id, Part }) => (
            <Tabs.Panel key={id} value={id} className="pinned-scroll" tabIndex={0}>
              <Part state={state} />
            </Tabs.Panel>
          ))}
        </Tabs.Root>
      </aside>
    </>
  );
}
