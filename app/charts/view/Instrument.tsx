import { Tabs } from '@base-ui/react/tabs';
import { useState, type ReactNode } from 'react';
import { useScenario } from '../../state/scenario-store.ts';
import '../styles/pair.css';
import { instruments, type InstrumentId, type ViewId } from '../views.ts';
import { Chart } from './Chart.tsx';

export interface InstrumentProps {
  readonly id: InstrumentId;
  /** Further buttons in its head, e.g. one that makes it fill the screen. */
  readonly actions?: ReactNode;
  readonly initialView?: ViewId;
  readonly onView?: (view: ViewId) => void;
  /** Names of two policies, whose charts then stand side by side. */
  readonly pair?: readonly [a: string, b: string] | undefined;
}

/** One of the four instruments: a chart with a tab per view. Fills its parent. */
export function Instrument({ id, actions, initialView, onView, pair }: InstrumentProps) {
  const { title, views } = instruments[id];
  const [view, setView] = useState<ViewId>(initialView ?? views[0].id);
  const withFeed = useScenario(({ scenario: { feed, tray } }) => feed.on === 'on' || tray.on === 'on');
  const shown = views.filter((v) => v.ofFeed !== true || withFeed || v.id === view);
  const tabs = (
    <Tabs.List className="chart-tabs" aria-label={`Views of "${title}"`}>
      {shown.map((v) => (
        <Tabs.Tab key={v.id} value={v.id} className="chart-tab">
          {v.tab}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
  return (
    <Tabs.Root
      className="chart-root"
      value={view}
      onValueChange={(next: ViewId) => {
        setView(next);
        onView?.(next);
      }}
    >
      {pair === undefined ? (
        <Chart title={title} view={view} tabs={tabs} actions={actions} />
      ) : (
        <>
          <header className="chart-head">
            <h3 className="chart-title">{title}</h3>
            {tabs}
            {actions}
          </header>
          <Tabs.Panel value={view} keepMounted tabIndex={-1} className="chart-panel chart-pair">
            <Chart title={title} view={view} policy={{ pair: 'a', name: pair[0] }} />
            <Chart title={title} view={view} policy={{ pair: 'b', name: pair[1] }} />
          </Tabs.Panel>
        </>
      )}
    </Tabs.Root>
  );
}
