import { Tabs } from '@base-ui/react/tabs';
import { Tooltip } from '@base-ui/react/tooltip';
import { useCallback, useEffect, type ComponentType, type ReactNode } from 'react';
import type { Engine } from '../engine/client.ts';
import { ExperimentEntry } from '../experiment/ExperimentEntry.tsx';
import { DropTarget } from '../import/DropTarget.tsx';
import { ImportDialog } from '../import/ImportDialog.tsx';
import type { SessionController } from '../state/session.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi, type PhoneTab } from '../state/ui-store.ts';
import { useFirstVisitTour, runTour } from '../tour/tour.ts';
import { EnlargedInstrument } from './EnlargedInstrument.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { InstrumentFrame, instrumentIds, type InstrumentComponent } from './InstrumentFrame.tsx';
import { KnobDrawer } from './rail/KnobDrawer.tsx';
import { useDark, useNarrow } from './media.ts';
import { PresetDialog } from './rail/PresetDialog.tsx';
import { Rail } from './rail/Rail.tsx';
import { SessionProvider } from './session-context.ts';
import { useShortcuts } from './shortcuts.ts';
import { Stage } from './stage/Stage.tsx';
import { applyTheme } from './theme.ts';
import { TopBar } from './bars/TopBar.tsx';
import { TrainEntry } from '../train/TrainEntry.tsx';
import { Transport } from './bars/Transport.tsx';

export interface AppProps {
  session: SessionController;
  /** The charts are a parameter, so that tests can render the page without a chart worker. */
  Instrument: InstrumentComponent;
  Charts: ComponentType<{ engine: Engine | null; children: ReactNode }>;
}

export function App({ session, Instrument, Charts }: AppProps) {
  const dark = useDark();
  const narrow = useNarrow();
  const engine = useStatus((s) => s.engine);
  const startTour = useCallback(() => {
    void runTour();
  }, []);
  useShortcuts(session);
  useFirstVisitTour();
  useEffect(() => applyTheme(dark), [dark]);
  return (
    <SessionProvider value={session}>
      <Tooltip.Provider delay={350}>
        <TopBar startTour={startTour} />
        <Charts engine={engine}>
          {narrow ? <PhoneBody Instrument={Instrument} /> : <DeskBody Instrument={Instrument} />}
          <EnlargedInstrument Instrument={Instrument} />
          <TrainEntry />
          <ExperimentEntry />
        </Charts>
        <Transport />
        <PresetDialog />
        <ImportDialog />
        <DropTarget />
        <KnobDrawer />
        <HelpDialog startTour={startTour} />
      </Tooltip.Provider>
    </SessionProvider>
  );
}

function DeskBody({ Instrument }: { Instrument: InstrumentComponent }) {
  const railOpen = useUi((s) => s.railOpen);
  const instrumentsOpen = useUi((s) => s.instrumentsOpen);
  return (
    <div className="desk" data-rail={railOpen || undefined} data-instruments={instrumentsOpen || undefined}>
      {railOpen && (
        <aside className="rail" aria-label="Controls">
          <Rail />
        </aside>
      )}
      <Stage />
      {instrumentsOpen && (
        <aside className="instruments" id="instruments" aria-label="Instruments">
          <InstrumentList Instrument={Instrument} />
        </aside>
      )}
    </div>
  );
}

function PhoneBody({ Instrument }: { Instrument: InstrumentComponent }) {
  const tab = useUi((s) => s.phoneTab);
  const setTab = useUi((s) => s.setPhoneTab);
  return (
    <div className="phone">
      <Stage />
      <Tabs.Root
        value={tab}
        onValueChange={(next) => setTab(next as PhoneTab)}
        className="phone-tabs"
        render={<section aria-label="Instruments and controls" />}
      >
        <Tabs.List className="tabs" id="instruments">
          <Tabs.Tab value="instruments" className="tab">
            Instruments
          </Tabs.Tab>
          <Tabs.Tab value="controls" className="tab">
            Controls
          </Tabs.Tab>
          <Tabs.Indicator className="tab-indicator" />
        </Tabs.List>
        <Tabs.Panel value="instruments" className="phone-panel">
          <InstrumentList Instrument={Instrument} />
        </Tabs.Panel>
        <Tabs.Panel value="controls" className="phone-panel rail">
          <Rail verbose />
        </Tabs.Panel>
      </Tabs.Root>
    </div>
  );
}

function InstrumentList({ Instrument }: { Instrument: InstrumentComponent }) {
  return (
    <>
      <h2 className="visually-hidden">Instruments</h2>
      {instrumentIds.map((id) => (
        <InstrumentFrame key={id} id={id} Instrument={Instrument} />
      ))}
    </>
  );
}
