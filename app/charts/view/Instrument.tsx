import { Tabs } from '@base-ui/react/tabs';
import { useState, type ReactNode } from 'react';
import { instruments, type InstrumentId, type ViewId } from '../views.ts';
import { Chart } from './Chart.tsx';

export interface InstrumentProps {
  readonly id: InstrumentId;
  /** Further buttons in its head, e.g. one that makes it fill the screen. */
  readonly actions?: ReactNode;
  readonly initialView?: ViewId;
  readonly onView?: (view: ViewId) => void;
}

/** One of the four instruments: a chart with a tab per view. Fills its parent. */
export function Instrument({ id, actions, initialView, onView }: InstrumentProps) {
  const { title, views } = instruments[id];
  const [view, setView] = useState<ViewId>(initialView ?? views[0].id);
  const tabs = (
    <Tabs.List className="chart-tabs" aria-label={`Views of "${title}"`}>
      {views.map((v) => (
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
      <Chart title={title} view={view} tabs={tabs} actions={actions} />
    </Tabs.Root>
  );
}
