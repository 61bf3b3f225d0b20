import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import type { Engine } from '../engine/client.ts';
import { ExperimentEntry } from '../experiment/ExperimentEntry.tsx';
import { DropTarget } from '../import/DropTarget.tsx';
import type { SessionController } from '../state/session.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi, type PhoneTab } from '../state/ui-store.ts';
import { useFirstVisitTour } from '../tour/start-tour.ts';
import { LessonPlace } from '../lessons/LessonPlace.tsx';
import { InstrumentFrame, instrumentIds, type InstrumentComponent } from './InstrumentFrame.tsx';
import { useDark, useNarrow } from './media.ts';
import { Rail } from './rail/Rail.tsx';
import { roomEntry } from '../room/RoomEntry.tsx';
import { late } from './late/late.tsx';
import { Soon } from './late/Soon.tsx';
import { SessionProvider } from './session-context.ts';
import { useShortcuts } from './shortcuts.ts';
import { Stage } from './stage/Stage.tsx';
import { applyTheme } from './theme.ts';
import { TopBar } from './bars/TopBar.tsx';
import { TrainEntry } from '../train/TrainEntry.tsx';
import { Transport } from './bars/Transport.tsx';

const Enlarged = late<{ Instrument: InstrumentComponent }>(
  'The instrument',
  () => import('./EnlargedInstrument.tsx'),
  'card',
  'soon',
);
const PresetEntry = roomEntry(
  'presets',
  'The choice of evenings',
  () => import('./rail/PresetDialog.tsx'),
  'soon',
);
const KnobEntry = roomEntry('knobs', 'The list of knobs', () => import('./rail/KnobDrawer.tsx'), 'soon');
const HelpEntry = roomEntry('help', 'The help', () => import('./dialog/HelpDialog.tsx'), 'soon');
// Loaded when files are dropped or asked for.
const ImportEntry = roomEntry('import', 'The import', () => import('../import/ImportDialog.tsx'));

const RunEntry = roomEntry('run', 'The citation', () => import('../run/RunDialog.tsx'));
const PrintEntry = roomEntry('print', 'The print sheet', () => import('../show/PrintSheet.tsx'));
const LessonsEntry = roomEntry('lessons', 'The lessons', () =>
  import('../lessons/Lessons.tsx').then((m) => ({ default: m.LessonIndex })),
);
const AboutEntry = roomEntry('about', 'The sources', () => import('../run/AboutDialog.tsx'));

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
  useShortcuts(session);
  useFirstVisitTour();
  useEffect(() => applyTheme(dark), [dark]);
  return (
    <SessionProvider value={session}>
      <TopBar />
      <Charts engine={engine}>
        {narrow ? <PhoneBody Instrument={Instrument} /> : <DeskBody Instrument={Instrument} />}
        <EnlargedEntry Instrument={Instrument} />
        <TrainEntry />
        <ExperimentEntry />
        <PrintEntry />
      </Charts>
      <Transport />
      <ImportEntry />
      <RunEntry />
      <LessonsEntry />
      <AboutEntry />
      <DropTarget />
      <PresetEntry />
      <KnobEntry />
      <HelpEntry />
    </SessionProvider>
  );
}

/** Mounted from the first time on that an instrument fills the window. */
function EnlargedEntry({ Instrument }: { Instrument: InstrumentComponent }) {
  const open = useUi((s) => s.enlarged !== null);
  const [wanted, setWanted] = useState(false);
  if (open && !wanted) setWanted(true);
  const close = () => {
    setWanted(false);
    useUi.setState({ enlarged: null });
  };
  return wanted || open ? <Enlarged Instrument={Instrument} onClose={close} /> : null;
}

function DeskBody({ Instrument }: { Instrument: InstrumentComponent }) {
  const railOpen = useUi((s) => s.railOpen);
  const instrumentsOpen = useUi((s) => s.instrumentsOpen);
  const inLesson = useUi((s) => s.lesson !== null);
  const comparing = useScenario((s) => s.other !== null);
  return (
    <div
      className="desk"
      data-rail={railOpen || undefined}
      data-lesson={inLesson || undefined}
      data-comparing={comparing || undefined}
      data-instruments={instrumentsOpen || undefined}
    >
      {railOpen && (
        <aside className="rail" aria-label="Controls">
          <Soon turn={1}>
            <Rail />
          </Soon>
        </aside>
      )}
      <LessonPlace />
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
  const inLesson = useUi((s) => s.lesson !== null);
  return (
    <div className="phone" data-lesson={inLesson || undefined}>
      <Stage />
      <LessonPlace />
      <Tabs.Root
        value={tab}
        onValueChange={(next) => setTab(next as PhoneTab)}
        className="phone-tabs"
        render={<section aria-label="Instruments and controls" />}
      >
        <Tabs.List className="tabs" id="instruments">
          <Tabs.Tab value="instruments" id="instruments-tab" className="tab">
            Instruments
          </Tabs.Tab>
          <Tabs.Tab value="controls" id="controls-tab" className="tab">
            Controls
          </Tabs.Tab>
          <Tabs.Indicator className="tab-indicator" />
        </Tabs.List>
        <Tabs.Panel value="instruments" className="phone-panel phone-instruments">
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
      {instrumentIds.map((id, i) => (
        // After the controls, one after the other.
        <InstrumentFrame key={id} id={id} turn={2 + i} Instrument={Instrument} />
      ))}
    </>
  );
}
