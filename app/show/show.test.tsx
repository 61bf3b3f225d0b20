import { expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { marketFixtures } from '../charts/testing/fixtures.ts';
import { Instrument } from '../charts/view/Instrument.tsx';
import { instruments } from '../charts/views.ts';
import { fromHash } from '../state/hash.ts';
import { createSession } from '../state/session.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { fakeEngine, fakeMarket } from '../state/testing/fake-engine.ts';
import { useUi } from '../state/ui-store.ts';
import { Charts } from '../ui/Charts.tsx';
import { freshStores, mount, mountPage } from '../ui/render.test-helper.tsx';
import { faults } from '../ui/testing/faults.ts';
import { controls, hideControls } from './controls.ts';
import { embedOf } from './Embed.tsx';
import { showOf } from './ShowPage.tsx';
import { shows } from './shows.ts';

/** Waits as long as a busy machine needs. */
const until = (met: () => boolean) => vi.waitUntil(met, { timeout: 60_000, interval: 20 });

/** Hides controls until the test ends. */
function hide(list: string): void {
  hideControls(list);
  const style = document.head.lastElementChild;
  onTestFinished(() => style?.remove());
}

test('a frame of 480 x 360 shows each instrument whole, in light and dark', async () => {
  await page.viewport(480, 360);
  for (const id of ['sky', 'demand', 'latency', 'slices', 'quality'] as const) {
    freshStores();
    useUi.setState({ theme: id === 'slices' ? 'light' : 'dark' });
    const engine = fakeEngine();
    const session = createSession(() => engine);
    const Embed = embedOf(id);
    const host = mount(<Embed session={session} Instrument={Instrument} Charts={Charts} />);
    onTestFinished(() => session.dispose());
    await until(() => useStatus.getState().phase === 'ready');
    engine.emit();
    if (id === 'sky') await until(() => host.textContent.includes('people wait'));
    else {
      await until(() => engine.argsOf('connectCharts').length > 0);
      const [port] = engine.argsOf('connectCharts').at(-1) as [MessagePort];
      port.postMessage({ kind: 'tables', tick: 1, tables: marketFixtures() });
      await until(() => host.querySelector('.chart-layers text') !== null);
    }
    await vi.waitFor(
      () => {
        expect(faults(host, id)).toEqual([]);
        const plot = host.querySelector('.chart-scroll');
        if (plot !== null) expect(plot.scrollHeight, id).toBeLessThanOrEqual(plot.clientHeight);
      },
      { timeout: 60_000, interval: 50 },
    );
    host.remove();
  }
});

test('a link hides any control, with its key; what there is not is told in one message', async () => {
  await page.viewport(1440, 900);
  const { host } = await mountPage();
  const missing = Object.entries(controls).filter(
    ([name, selector]) =>
      !['link', 'tabs', 'menu', 'print', 'tour'].includes(name) && host.querySelector(selector) === null,
  );
  expect(missing).toEqual([]);
  hide('rail,seed,help, policy.scorer,sed');
  await until(() => host.querySelector('.rail') === null);
  for (const selector of ['.seed', '#help', '#rail-toggle'])
    expect(host.querySelector(selector)?.checkVisibility(), selector).toBe(false);
  await until(() => host.querySelector('.notice') !== null);
  expect(host.querySelector('.notice')?.textContent).toContain(
    'This link hides "sed", which this page does not have; did you mean "seed"? It can hide bar, ',
  );
  await userEvent.keyboard('?[[');
  expect(useUi.getState()).toMatchObject({ panel: null, railOpen: false });
});

test('in a comparison, an instrument that fills the screen shows both policies side by side', async () => {
  await page.viewport(1024, 768);
  const { engine } = await mountPage(Instrument, Charts);
  useScenario.getState().startCompare();
  useUi.getState().enlarge('demand');
  await until(() => engine.argsOf('showTables').at(-1)?.[1] === true);
  const [port] = engine.argsOf('connectCharts').at(-1) as [MessagePort];
  for (const beside of [true, false])
    port.postMessage({ kind: 'tables', tick: 1, tables: marketFixtures(), beside });
  await vi.waitFor(
    () => {
      const charts = [...document.querySelectorAll<HTMLElement>('.enlarged .chart')];
      expect(charts.map((c) => c.querySelector('.chart-policy')?.textContent)).toEqual([
        'A towers',
        'B rules',
      ]);
      expect(charts.map((c) => c.querySelectorAll('.chart-layers text').length > 8)).toEqual([true, true]);
      expect(faults(document.querySelector('.enlarged')!, 'side by side')).toEqual([]);
    },
    { timeout: 60_000, interval: 50 },
  );
  useUi.getState().enlarge(null);
  await until(() => engine.argsOf('showTables').at(-1)?.[1] === false);
});

test('the scenes of a show: the arrow keys step, every text is whole, and no control is in sight', async () => {
  await page.viewport(1280, 720);
  freshStores();
  const engine = fakeEngine();
  const session = createSession(() => engine);
  const before = location.href;
  onTestFinished(() => history.replaceState(null, '', before));
  const Page = showOf('scarce', 2, session);
  const host = mount(<Page session={session} Instrument={Instrument} Charts={Charts} />);
  onTestFinished(() => session.dispose());
  await until(() => useStatus.getState().phase === 'ready');
  const sentence = () => host.querySelector('.show-sentence')?.textContent;
  const { scenes } = shows['scarce'];
  for (const scene of [scenes[1], scenes[2], scenes[3], scenes[4], scenes[3]]) {
    await until(() => sentence() === scene.sentence);
    await until(() => useStatus.getState().phase === 'ready');
    engine.emit({ other: useScenario.getState().other === null ? null : fakeMarket });
    await until(() => engine.argsOf('connectCharts').length > 0);
    const [port] = engine.argsOf('connectCharts').at(-1) as [MessagePort];
    for (const beside of [true, false])
      port.postMessage({ kind: 'tables', tick: 1, tables: marketFixtures(), beside });
    const drawn = scene.instrument === 'sky' ? '.headline-policy' : '.chart-layers text';
    await vi.waitFor(
      () => {
        expect(host.querySelector(drawn)).not.toBeNull();
        expect(host.querySelectorAll('.chart-policy').length).toBe(scene === scenes[3] ? 2 : 0);
        expect(faults(host, scene.sentence)).toEqual([]);
      },
      { timeout: 60_000, interval: 50 },
    );
    for (const control of host.querySelectorAll('button:not(.show-foot button)'))
      expect(control.checkVisibility(), control.outerHTML).toBe(false);
    await userEvent.keyboard(scene === scenes[4] ? '{ArrowLeft}' : '{ArrowRight}');
  }
  expect(new URL(location.href).searchParams.get('scene')).toBe('5');
  // Greedy and the auction were one evening: only a scene with another link starts one.
  expect(engine.argsOf('start')).toHaveLength(2);
});

test('every scene of the shows that ship can be opened', () => {
  expect(Object.keys(shows)).toHaveLength(3);
  for (const { scenes } of Object.values(shows))
    for (const { link, instrument, view } of scenes) {
      expect(fromHash(link)).not.toBeNull();
      if (instrument !== 'sky') expect(instruments[instrument].views.map(({ id }) => id)).toContain(view);
    }
});
