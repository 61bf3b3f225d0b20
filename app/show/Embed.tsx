import { useEffect, useRef, useState, type ComponentType } from 'react';
import { shown } from '../../src/base/errors.ts';
import type { InstrumentId } from '../charts/views.ts';
import { linkToPage } from '../state/hash.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import type { AppProps } from '../ui/App.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { instrumentIds, RememberingInstrument } from '../ui/InstrumentFrame.tsx';
import { useDark } from '../ui/media.ts';
import { SessionProvider } from '../ui/session-context.ts';
import { Notices } from '../ui/stage/Notices.tsx';
import { Stage } from '../ui/stage/Stage.tsx';
import { Starting } from '../ui/stage/Starting.tsx';
import { applyTheme } from '../ui/theme.ts';
import './styles/embed.css';
import { useQuietBackend } from './use-quiet-backend.ts';
import { useSeen } from './use-seen.ts';

const names = ['sky', ...instrumentIds] as const;

/** One instrument, or the sky, that fills its frame. Off the screen it does nothing at all. */
export function embedOf(asked: string): ComponentType<AppProps> {
  const id = names.find((name) => name === asked);
  return id === undefined
    ? () => <NoSuchInstrument asked={asked} />
    : (props) => <Embed id={id} {...props} />;
}

function Embed({ id, session, Instrument, Charts }: AppProps & { id: 'sky' | InstrumentId }) {
  const box = useRef<HTMLDivElement>(null);
  const seen = useSeen(box);
  const [begun, setBegun] = useState(false);
  const dark = useDark();
  const engine = useStatus((s) => s.engine);
  if (seen && !begun) setBegun(true);
  useEffect(() => applyTheme(dark), [dark]);
  const note = useQuietBackend();
  useEffect(() => {
    if (begun) session.launch();
  }, [begun, session]);
  useEffect(() => {
    // A dead engine is reported where it is started.
    engine?.rest(!seen).catch(() => undefined);
  }, [engine, seen]);
  return (
    <SessionProvider value={session}>
      <div className="embed" data-embed={id} ref={box}>
        {begun && (
          <Charts engine={engine}>
            {id === 'sky' ? (
              <Stage />
            ) : (
              <main className="embed-main">
                <div className="instrument">
                  <RememberingInstrument id={id} Instrument={Instrument} />
                </div>
                <Starting />
                <Notices />
              </main>
            )}
          </Charts>
        )}
        <Foot toggle={() => session.toggle()} note={note} />
      </div>
    </SessionProvider>
  );
}

function Foot({ toggle, note }: { toggle: () => void; note: string }) {
  const playing = useStatus((s) => s.playing);
  const clock = useStatus((s) => s.status?.clock ?? '');
  const seed = useScenario((s) => s.scenario.seed);
  const name = useScenario((s) => s.scenario.name);
  return (
    <footer className="embed-foot">
      <IconButton
        className="play"
        icon={playing ? 'pause' : 'play'}
        label={playing ? 'Pause' : 'Play'}
        size={15}
        onClick={toggle}
      />
      <span className="embed-clock" title={note}>
        {name}
        {clock !== '' && ` · ${clock}`}
      </span>
      <span className="embed-seed">seed {seed}</span>
      <a
        className="embed-link"
        href={wholePage()}
        target="_blank"
        rel="noopener"
        onClick={(event) => {
          event.currentTarget.href = wholePage();
        }}
      >
        half<b>second</b>
      </a>
    </footer>
  );
}

/** The whole page with the evening of the frame. */
function wholePage(): string {
  const url = new URL(linkToPage());
  for (const name of ['embed', 'hide']) url.searchParams.delete(name);
  return url.href;
}

function NoSuchInstrument({ asked }: { asked: string }) {
  return (
    <main className="embed-wrong" role="alert">
      <p>
        There is no instrument {shown(asked)} to embed; there are {names.join(', ')}.{' '}
        <a href={wholePage()} target="_blank" rel="noopener">
          Open the page
        </a>
      </p>
    </main>
  );
}
