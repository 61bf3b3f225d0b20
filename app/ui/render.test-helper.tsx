import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { onTestFinished, vi } from 'vitest';
import { fakeEngine, type FakeEngine } from '../state/testing/fake-engine.ts';
import { useScenario } from '../state/scenario-store.ts';
import { createSession, type SessionController } from '../state/session.ts';
import { useStatus } from '../state/status-store.ts';
import { writeSetting } from '../state/storage.ts';
import { useUi } from '../state/ui-store.ts';
import '../styles/index.css';
import { App, type AppProps } from './App.tsx';
import type { InstrumentComponent } from './InstrumentFrame.tsx';

/** Mounts a tree as page.tsx does, in StrictMode, until the test ends. */
export function mount(tree: ReactNode): HTMLElement {
  const host = document.createElement('div');
  host.id = 'root';
  document.body.append(host);
  const root = createRoot(host);
  root.render(<StrictMode>{tree}</StrictMode>);
  onTestFinished(() => {
    root.unmount();
    host.remove();
  });
  return host;
}

/** All stores as on a fresh page, in which the tour has been seen. */
export function freshStores(): void {
  writeSetting('tour', 'seen');
  useScenario.setState({ ...useScenario.getInitialState() });
  useStatus.setState({ ...useStatus.getInitialState() });
  useUi.setState({ ...useUi.getInitialState(), railOpen: true });
}

/** Stands in for a chart. */
const plain: InstrumentComponent = ({ id, actions }) => (
  <div data-chart={id}>
    <h3>{id}</h3>
    <div className="chart-head">{actions}</div>
  </div>
);

/** Does not start a chart worker. */
const noWorker: AppProps['Charts'] = ({ children }) => children;

/** The whole page on a fake engine that has said its first word. */
export async function mountPage(
  Instrument = plain,
  Charts = noWorker,
): Promise<{
  host: HTMLElement;
  engine: FakeEngine;
  session: SessionController;
}> {
  freshStores();
  const engine = fakeEngine();
  const session = createSession((onDeath) => {
    engine.onDeath = onDeath;
    return engine;
  });
  session.launch();
  const host = mount(<App session={session} Instrument={Instrument} Charts={Charts} />);
  onTestFinished(() => session.dispose());
  await vi.waitUntil(
    () => host.querySelector('.sky-canvas') !== null && useStatus.getState().phase === 'ready',
  );
  engine.emit();
  await vi.waitUntil(() => host.textContent.includes('people wait'));
  // The parts that are rendered soon.
  await vi.waitUntil(() => host.querySelector('.instrument:empty') === null, { timeout: 30_000 });
  return { host, engine, session };
}

/** The one element that matches and, where given, whose text or name has `text` in it. */
export function find<T extends HTMLElement>(root: ParentNode, selector: string, text?: string | RegExp): T {
  const all = [...root.querySelectorAll<T>(selector)].filter((element) => {
    const words = `${element.getAttribute('aria-label') ?? ''} ${element.textContent}`;
    return text === undefined || (typeof text === 'string' ? words.includes(text) : text.test(words));
  });
  if (all.length !== 1) throw new Error(`${all.length} elements for ${selector} with ${String(text)}`);
  return all[0];
}
