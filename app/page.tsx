import { StrictMode, startTransition, type ComponentType } from 'react';
import { Instrument } from './charts/view/Instrument.tsx';
import { createEngine } from './engine/client.ts';
import { consoleApi } from './run/console.ts';
import { openLessonFromAddress } from './lessons/address.ts';
import { openFromHash, syncHash } from './state/hash.ts';
import { createSession } from './state/session.ts';
import { useStatus } from './state/status-store.ts';
import { useScenario } from './state/scenario-store.ts';
import './styles/index.css';
import { App, type AppProps } from './ui/App.tsx';
import { Charts } from './ui/Charts.tsx';
import { Boundary } from './ui/late/Boundary.tsx';
import { createRoot } from './ui/late/library.ts';
import { fetchAll, fetchSoon } from './ui/late/soon.ts';

const host = document.getElementById('root');
if (host === null) throw new Error('index.html has no element #root.');

openFromHash();
openLessonFromAddress();
// Opening the page is not an undo step.
useScenario.setState({ past: [] });
syncHash();
// The session is made outside React, because StrictMode mounts twice and there is one engine.
// `?backend=cpu` or `gpu` forces a backend.
const asked = new URLSearchParams(location.search);
const backend = asked.get('backend');
const session = createSession(createEngine, backend === 'cpu' || backend === 'gpu' ? backend : 'auto');

fetchSoon(() => import('./ui/late/tips.tsx').then(({ default: startTips }) => startTips()));
// Without it the page still works while there is a connection.
fetchSoon(() => import('./ui/late/offline.ts').then(({ default: keepOffline }) => keepOffline()));
// After the first tick, so that it does not wait for files that are needed later.
const stopWaiting = useStatus.subscribe(({ status }) => {
  if (status === null) return;
  stopWaiting();
  void fetchAll();
});

// For the browser console and the tests of the whole page.
Object.assign(globalThis, { halfsecond: consoleApi(session) });

const root = createRoot(host);
// A transition is rendered in slices; otherwise it is one long task.
const render = (Page: ComponentType<AppProps>) =>
  startTransition(() =>
    root.render(
      <StrictMode>
        <Boundary what="The page" shown="card">
          <Page session={session} Instrument={Instrument} Charts={Charts} />
        </Boundary>
      </StrictMode>,
    ),
  );
const renderWhole = () => {
  session.launch();
  render(App);
};
// Frames, shows, and links that hide controls: app/show.
if (['embed', 'stage', 'hide'].some((name) => asked.has(name)))
  import('./show/open.ts').then(({ default: open }) => render(open(asked, session)), renderWhole);
else renderWhole();
