import { useEffect, useState, type ComponentType } from 'react';
import { shown } from '../../src/base/errors.ts';
import { fromHash } from '../state/hash.ts';
import { useScenario } from '../state/scenario-store.ts';
import type { SessionController } from '../state/session.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import type { AppProps } from '../ui/App.tsx';
import { Icon } from '../ui/Icon.tsx';
import { RememberingInstrument } from '../ui/InstrumentFrame.tsx';
import { useDark } from '../ui/media.ts';
import { SessionProvider } from '../ui/session-context.ts';
import { standsInPairs, usePair } from '../ui/SideSwitch.tsx';
import { Notices } from '../ui/stage/Notices.tsx';
import { Stage } from '../ui/stage/Stage.tsx';
import { Starting } from '../ui/stage/Starting.tsx';
import { applyTheme } from '../ui/theme.ts';
import { ownShow, shows, type ShowScene, type Show } from './shows.ts';
import './styles/show.css';
import { useQuietBackend } from './use-quiet-backend.ts';

/** `?stage=` with this value shows the evening after the "#". */
const OWN = 'own';

/** A show by its name, all of them for '', or a message that says which there are. */
export function showOf(name: string, scene: number, session: SessionController): ComponentType<AppProps> {
  const show = find(name);
  if (show === undefined) {
    session.launch();
    return () => <NoSuchShow name={name} />;
  }
  const first = Math.min(Math.max(1, scene || 1), show.scenes.length) - 1;
  open(show.scenes[first], null, session);
  session.launch();
  return (props) => <ShowPage show={show} first={first} {...props} />;
}

function find(name: string): Show | undefined {
  const { scenario, other } = useScenario.getState();
  if (name === OWN) return ownShow(location.hash.slice(1), scenario.name, other !== null);
  if (name !== '') return Object.hasOwn(shows, name) ? shows[name] : undefined;
  return { title: 'Halfsecond', scenes: Object.values(shows).flatMap(({ scenes }) => scenes) };
}

/** Opens the evening of a scene, unless it runs already, and its instrument. */
function open(scene: ShowScene, before: ShowScene | null, session: SessionController): void {
  const draft = scene.link === before?.link ? null : fromHash(scene.link);
  if (draft !== null) useScenario.getState().load(draft);
  session.setSpeed(scene.speed ?? 1);
  const { views, colourBy } = useUi.getState();
  const { instrument, view } = scene;
  useUi.setState({
    enlarged: instrument === 'sky' ? null : instrument,
    views: instrument === 'sky' || view === undefined ? views : { ...views, [instrument]: view },
    colourBy: scene.colourBy ?? (draft === null ? colourBy : 'country'),
  });
}

const steps: Readonly<Record<string, number>> = {
  ...{ ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 },
  ...{ Home: -Infinity, End: Infinity },
};

/** Scenes in large type and without controls; the arrow keys step through them. */
function ShowPage({ show, first, session, Instrument, Charts }: AppProps & { show: Show; first: number }) {
  const { scenes } = show;
  const [at, setAt] = useState(first);
  const dark = useDark();
  const engine = useStatus((s) => s.engine);
  const pair = usePair();
  useQuietBackend();
  useEffect(() => applyTheme(dark), [dark]);
  const step = (by: number) => {
    const next = Math.min(scenes.length - 1, Math.max(0, at + by));
    if (next === at) return;
    open(scenes[next], scenes[at], session);
    setAt(next);
    const url = new URL(location.href);
    url.searchParams.set('scene', String(next + 1));
    history.replaceState(null, '', url);
  };
  useEffect(() => {
    // Before the sky and the charts, which use the arrow keys, too.
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in steps) step(steps[event.key]);
      else if (event.key === ' ') session.toggle();
      else if (event.key === 'f') fullScreen();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  });
  const { instrument, sentence } = scenes[at];
  return (
    <SessionProvider value={session}>
      <div className="show" data-sky={instrument === 'sky' || undefined}>
        <p className="show-sentence" aria-live="polite">
          {sentence}
        </p>
        <Charts engine={engine}>
          {instrument === 'sky' ? (
            <Stage />
          ) : (
            <main className="show-main">
              <RememberingInstrument
                key={`${instrument} ${at}`}
                id={instrument}
                Instrument={Instrument}
                pair={standsInPairs(instrument) ? pair : undefined}
              />
              <Starting />
              <Notices />
            </main>
          )}
        </Charts>
        <footer className="show-foot">
          <Step name="Scene before" icon="left" disabled={at === 0} onClick={() => step(-1)} />
          <span>
            {at + 1} / {scenes.length}
          </span>
          <Step name="Next scene" icon="right" disabled={at === scenes.length - 1} onClick={() => step(1)} />
          <span className="show-title">{show.title}</span>
        </footer>
      </div>
    </SessionProvider>
  );
}

interface StepProps {
  name: string;
  icon: 'left' | 'right';
  disabled: boolean;
  onClick: () => void;
}

function Step({ name, icon, disabled, onClick }: StepProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      aria-disabled={disabled || undefined}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

function fullScreen(): void {
  const change =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // A browser may refuse it, e.g. inside a frame.
  change.catch(() => undefined);
}

function NoSuchShow({ name }: { name: string }) {
  return (
    <main className="embed-wrong" role="alert">
      <p>
        There is no show {shown(name)}; there are {Object.keys(shows).join(', ')}, and {OWN} for the evening
        of the link.
      </p>
    </main>
  );
}
