import { expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { marketFixtures } from '../charts/testing/fixtures.ts';
import { Instrument } from '../charts/view/Instrument.tsx';
import { createSession } from '../state/session.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { fakeEngine } from '../state/testing/fake-engine.ts';
import { useUi } from '../state/ui-store.ts';
import { Charts } from '../ui/Charts.tsx';
import { freshStores, mount, mountPage } from '../ui/render.test-helper.tsx';
import { faults } from '../ui/testing/faults.ts';
import { controls, hideControls } from './controls.ts';
import { embedOf } from './Embed.tsx';

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
    await vi.waitUntil(() => useStatus.getState().phase === 'ready');
    engine.emit();
    if (id === 'sky') await vi.waitUntil(() => host.textContent.includes('people wait'));
    else {
      await vi.waitUntil(() => engine.argsOf('connectCharts').length > 0);
      const [port] = engine.argsOf('connectCharts').at(-1) as [MessagePort];
      port.postMessage({ kind: 'tables', tick: 1, tables: marketFixtures() });
      await vi.waitUntil(() => host.querySelector('.chart-layers text') !== null, { timeout: 20_000 });
    }
    await vi.waitFor(
      () => {
        expect(faults(host, id)).toEqual([]);
        const plot = host.querySelector('.chart-scroll');
        if (plot !== null) expect(plot.scrollHeight, id).toBeLessThanOrEqual(plot.clientHeight);
      },
      { timeout: 20_000, interval: 50 },
    );
    host.remove();
  }
});

test('a link hides any control, with its key; what there is not is told in one message', async () => {
  await page.viewport(1440, 900);
  const { host } = await mountPage();
  const missing = Object.entries(controls).filter(
    ([name, selector]) => !['link', 'tabs', 'menu'].includes(name) && host.querySelector(selector) === null,
  );
  expect(missing).toEqual([]);
  hide('rail,seed,help, policy.scorer,sed');
  await vi.waitUntil(() => host.querySelector('.rail') === null);
  for (const selector of ['.seed', '#help', '#rail-toggle'])
    expect(host.querySelector(selector)?.checkVisibility(), selector).toBe(false);
  await vi.waitUntil(() => host.querySelector('.notice') !== null);
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
  await vi.waitUntil(() => engine.argsOf('showTables').at(-1)?.[1] === true);
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
    { timeout: 20_000, interval: 50 },
  );
  useUi.getState().enlarge(null);
  await vi.waitUntil(() => engine.argsOf('showTables').at(-1)?.[1] === false);
});
