import { expect, onTestFinished, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { Table } from '../../../src/base/table.ts';
import { Instrument } from '../../charts/view/Instrument.tsx';
import { changed } from '../../charts/testing/paint.ts';
import { marketFixtures } from '../../charts/testing/fixtures.ts';
import { fakeMarket } from '../../state/testing/fake-engine.ts';
import { openLesson } from '../../lessons/address.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { Charts } from '../Charts.tsx';
import { mountPage } from '../render.test-helper.tsx';
import { faults } from '../testing/faults.ts';

const sizes = [
  [1024, 768],
  [1280, 720],
  [1440, 900],
  [1920, 1080],
  [390, 844],
] as const;

/** As long as the sentences of a comparison are. */
const sentence = (tick: number) =>
  `Tick ${tick}: under oracle, threshold 0 chats are longer in every country, yet shorter overall (82.2 s against 101.1 s; −39.6 s to −2.0 s at any look): the short chats of the United States (41.2 s) rose from 12 % to 31 % of all. Of −18.9 s, −31.2 s come from the mix and +12.3 s from within.`;

const tablesAt = (tick: number): Table[] =>
  marketFixtures().map((t) =>
    t.name === 'slices'
      ? { ...t, facts: { ...t.facts, explanation: sentence(tick), policy_b: 'oracle, threshold 0' } }
      : changed(t, (v, _, name) => (/price|p\d+_ms|pressure/.test(name) ? v * (1 + tick / 3) : v)),
  );

test('no text that carries meaning is cut off, and none overlaps another, at any size, running and paused', async () => {
  onTestFinished(() => useUi.getState().setTheme('auto'));
  const ports: MessagePort[] = [];
  const { host, engine } = await mountPage(Instrument, Charts);
  for (const [port] of engine.argsOf('connectCharts')) ports.push(port as MessagePort);
  let tick = 0;
  const run = async () => {
    tick++;
    ports.at(-1)?.postMessage({ kind: 'tables', tick, tables: tablesAt(tick) });
    engine.emit({ tick, main: { ...fakeMarket, waiting: 1842 + 97 * tick } });
    await vi.waitFor(
      () => expect(host.querySelector('.chart-sentence')?.textContent).toContain(`Tick ${tick}:`),
      { timeout: 30_000, interval: 20 },
    );
  };
  await run();
  for (const [width, height] of sizes) {
    await page.viewport(width, height);
    // Colours change no layout; the narrowest windows are looked at in both modes.
    for (const theme of width < 1100 ? (['dark', 'light'] as const) : (['dark'] as const)) {
      useUi.getState().setTheme(theme);
      // Paused: after the layout for this size. Running: after every tick.
      await vi.waitFor(
        () => {
          const drawn = [...host.querySelectorAll('.instrument')].filter((i) =>
            i.querySelector('.chart-layers text'),
          );
          expect(drawn).toHaveLength(4);
          expect(faults(host, `${width} x ${height}`)).toEqual([]);
        },
        { timeout: 20_000, interval: 100 },
      );
      await run();
      // A sentence of more lines leaves less room; the marks follow in the next frames.
      await vi.waitFor(() => expect(faults(host, `${width} x ${height}, running`)).toEqual([]), 20_000);
    }
    useUi.getState().enlarge('slices');
    await vi.waitFor(() => {
      const enlarged = document.querySelector('.enlarged');
      expect(enlarged?.querySelector('.chart-sentence')).toBeTruthy();
      expect(faults(enlarged as HTMLElement, `${width} x ${height}, enlarged`)).toEqual([]);
    }, 20_000);
    useUi.getState().enlarge(null);
    await vi.waitFor(() => expect(host.querySelectorAll('.chart-sentence')).toHaveLength(1), 20_000);
  }
});

test('nor in a comparison with a feed, or in a lesson about two policies', async () => {
  const address = location.href;
  onTestFinished(() => history.replaceState(null, '', address));
  const { host, engine } = await mountPage(Instrument, Charts);
  // Points and minutes are the widest figures.
  const points = { ...fakeMarket, policy: { ...fakeMarket.policy, scorer: 'rules' as const } };
  const tell = () => {
    engine.emit({ main: points, other: { ...fakeMarket, meanPredicted: 61 } });
    const [port] = engine.argsOf('connectCharts').at(-1) as [MessagePort];
    for (const beside of [true, false])
      port.postMessage({ kind: 'tables', tick: 1, tables: tablesAt(1), beside });
  };
  const isWhole = async (state: string, shown: string) => {
    for (const [width, height] of sizes) {
      await page.viewport(width, height);
      await vi.waitFor(
        () => {
          expect(host.querySelector(shown)).not.toBeNull();
          expect(host.querySelectorAll('.figure dd')).toHaveLength(8);
          expect(faults(host, `${state}, ${width} x ${height}`)).toEqual([]);
          // The titles are questions, each in one line.
          for (const title of host.querySelectorAll('.instrument .chart-title'))
            expect(title.clientHeight, `${title.textContent} ${width}`).toBeLessThan(25);
        },
        { timeout: 30_000, interval: 100 },
      );
    }
  };
  const comparing = { timeout: 30_000, interval: 20 };
  openLesson(5);
  await vi.waitUntil(() => useScenario.getState().other !== null, comparing);
  await vi.waitUntil(() => useStatus.getState().phase === 'ready', comparing);
  tell();
  await isWhole('lesson 5', '.lesson-title');
  openLesson(null);
  useScenario.getState().set('feed.on', 'on');
  await page.viewport(1440, 900);
  await vi.waitUntil(() => host.querySelectorAll('.chart-tab:nth-child(5)').length > 1, comparing);
  for (const tab of host.querySelectorAll<HTMLElement>('.chart-tab:last-child')) tab.click();
  tell();
  await isWhole('feed', '.chart-tab:nth-child(5)');
});

test('while a market starts again, its progress leaves the living sky in view', async () => {
  const { host } = await mountPage();
  useStatus.setState({ phase: 'starting' });
  await vi.waitUntil(() => host.querySelector('.starting') !== null);
  const sky = host.querySelector('.sky')!.getBoundingClientRect();
  const note = host.querySelector('.starting')!.getBoundingClientRect();
  expect(note.top).toBeGreaterThan(sky.top + sky.height / 2);
});
