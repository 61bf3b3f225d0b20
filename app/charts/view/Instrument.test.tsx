import { StrictMode, useEffect } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { toCsv, type Table } from '../../../src/base/table.ts';
import { createChartClient } from '../worker/client.ts';
import { Instrument } from './Instrument.tsx';
import { describeOrigin } from './origin.ts';
import { ChartsProvider, useCharts } from './ChartsProvider.tsx';
import { marketFixtures, slicesTable } from '../testing/fixtures.ts';
import type { InstrumentId } from '../views.ts';

const patient = { timeout: 30_000, interval: 30 };
const complaints: unknown[][] = [];
let root: Root | null = null;
let box: HTMLElement;

beforeEach(() => {
  complaints.length = 0;
  for (const level of ['warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((...args) => complaints.push(args));
  box = document.createElement('div');
  box.style.cssText = 'display:flex;flex-direction:column;width:400px;height:230px';
  document.body.append(box);
});

afterEach(() => {
  root?.unmount();
  root = null;
  box.remove();
  vi.restoreAllMocks();
  expect(complaints).toEqual([]);
});

/** What the charts ask of the engine. */
const asked: unknown[] = [];

function Feed({ tables }: { tables: readonly Table[] }) {
  const { connect, generation } = useCharts();
  useEffect(() => {
    const port = connect();
    port.onmessage = ({ data }) => asked.push(data);
    port.postMessage({ kind: 'tables', tick: 1, tables });
  }, [connect, generation, tables]);
  return <output>{generation}</output>;
}

function mount(id: InstrumentId, tables: readonly Table[] = marketFixtures()) {
  root = createRoot(box);
  root.render(
    <StrictMode>
      <ChartsProvider>
        <Feed tables={tables} />
        <Instrument id={id} />
      </ChartsProvider>
    </StrictMode>,
  );
}

const find = (selector: string) => {
  const node = document.querySelector<HTMLElement>(selector);
  if (node === null) throw new Error(`no ${selector}`);
  return node;
};
const drawn = () =>
  vi.waitFor(() => expect(document.querySelectorAll('.chart-axis').length).toBeGreaterThan(0), patient);
const spoken = () => find('.chart-unseen').textContent;

test('under StrictMode there is one canvas, drawn, with axes, legend and title', async () => {
  mount('latency');
  await drawn();
  expect(document.querySelectorAll('.chart-canvas')).toHaveLength(1);
  expect(find('h3').textContent).toBe('How long does a tick take?');
  expect(find('.chart-legend').textContent).toContain('p99.9');
  expect(find('.chart-plot').getAttribute('aria-label')).toMatch(/24 marks: arrow keys move/);
});

test('empty, it says what it waits for', async () => {
  mount('quality', []);
  await vi.waitFor(() => expect(find('.chart-message').textContent).toBe('No chat has begun yet.'), patient);
});

test('arrow keys move from mark to mark, are read aloud, and Enter pins', async () => {
  mount('slices');
  await drawn();
  find('.chart-plot').focus();
  await userEvent.keyboard('{ArrowDown}');
  await vi.waitFor(() => expect(spoken()).toMatch(/^All, effect \u22129\.10 s/), patient);
  await userEvent.keyboard('{ArrowDown}');
  await vi.waitFor(() => expect(spoken()).toMatch(/^Japan, .*reversed goes against the whole/), patient);
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(spoken()).toMatch(/^Pinned: Japan/), patient);
  expect(document.querySelector('.chart-ring-pinned')).not.toBeNull();
  find('.chart-plot').blur();
  expect(find('.chart-tip').textContent).toContain('Japan');
  find('.chart-plot').focus();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(document.querySelector('.chart-tip')).toBeNull(), patient);
});

test('a pointer shows the numbers of the nearest mark, and a press pins them', async () => {
  mount('slices');
  await drawn();
  const plot = find('.chart-plot');
  const { left, top, width } = plot.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + 8, bubbles: true, pointerType: 'mouse' };
  plot.dispatchEvent(new PointerEvent('pointermove', at));
  await vi.waitFor(() => expect(find('.chart-tip').textContent).toMatch(/^All/), patient);
  expect(spoken()).toBe('');
  plot.dispatchEvent(new PointerEvent('pointerdown', at));
  await vi.waitFor(() => expect(spoken()).toMatch(/^Pinned: All/), patient);
  plot.dispatchEvent(new PointerEvent('pointerdown', at));
  await vi.waitFor(() => expect(document.querySelector('.chart-tip')).toBeNull(), patient);
});

test('tabs change the view, and the choice changes its groups', async () => {
  mount('demand');
  await vi.waitFor(
    () => expect(find('.chart-caption').textContent).toContain('row asks for column'),
    patient,
  );
  const tab = [...document.querySelectorAll<HTMLElement>('[role=tab]')].find(
    (t) => t.textContent === 'groups',
  );
  tab?.click();
  await vi.waitFor(() => expect(find('.chart-choice')).toHaveProperty('value', 'gender'), patient);
  await userEvent.selectOptions(find('.chart-choice'), 'age');
  await vi.waitFor(() => expect(find('.chart-layers').textContent).toContain('18-24'), patient);
});

test('another outcome is asked of the engine; until it answers the old one stays', async () => {
  asked.length = 0;
  mount('slices');
  await vi.waitFor(() => find('[aria-label=Outcome]'), patient);
  await userEvent.selectOptions(find('[aria-label=Outcome]'), 'time');
  await vi.waitFor(() => expect(asked).toEqual([{ kind: 'metric', metric: 'time' }]), patient);
  expect(find('[aria-label=Outcome]')).toHaveProperty('value', 'chat');
});

test('the table lists every number, and CSV is the table in full precision', async () => {
  const blobs: Blob[] = [];
  const make = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return make(blob);
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  describeOrigin(() => Promise.resolve({ digest: '12ab' }));
  mount('slices');
  await drawn();
  find('.chart-more').click();
  await vi.waitFor(() => find('[role=menuitem]'), patient);
  find('[role=menuitem]').click();
  await vi.waitFor(
    () => expect(document.querySelectorAll('.chart-dialog tbody tr')).toHaveLength(13),
    patient,
  );
  const heads = [...document.querySelectorAll('.chart-dialog th')].map((th) => th.textContent);
  expect(heads.slice(0, 3)).toEqual(['dimension', 'slice', 'people']);
  const row = document.querySelectorAll('.chart-dialog tbody tr')[1];
  expect([...row.children].map((td) => td.textContent).slice(0, 3)).toEqual(['country', 'Japan', '64']);
  find('.chart-dialog caption button').click();
  await vi.waitFor(() => expect(blobs).toHaveLength(1), patient);
  expect(await blobs[0].text()).toBe(`# digest: 12ab\r\n${toCsv(slicesTable())}`);
  find('.chart-dialog header button').click();
  await vi.waitFor(() => expect(document.querySelector('.chart-dialog')).toBeNull(), patient);
});

test('a resized chart is laid out again; a large one is magnified', async () => {
  mount('latency');
  await drawn();
  const before = find('.chart-units').style.width;
  box.style.width = '330px';
  await vi.waitFor(() => expect(find('.chart-units').style.width).not.toBe(before), patient);
  box.style.cssText = 'display:flex;flex-direction:column;width:1300px;height:820px';
  await vi.waitFor(() => expect(Number(find('.chart-units').style.scale)).toBeGreaterThan(1.5), patient);
  const { width, height } = find('.chart-units').getBoundingClientRect();
  expect(width).toBeCloseTo(find('.chart-scroll').clientWidth, 0);
  expect(height).toBeCloseTo(find('.chart-scroll').clientHeight, 0);
});

test('when the worker dies, open calls fail at once and a new worker draws again', async () => {
  const workers: Worker[] = [];
  const Real = Worker;
  vi.stubGlobal(
    'Worker',
    class extends Real {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        workers.push(this);
      }
    },
  );
  mount('latency');
  await drawn();
  const generation = Number(find('output').textContent);
  workers.at(-1)?.dispatchEvent(new ErrorEvent('error', { message: 'test: the worker fell over' }));
  await vi.waitFor(() => expect(Number(find('output').textContent)).toBe(generation + 1), patient);
  await drawn();
  expect(document.querySelectorAll('.chart-canvas')).toHaveLength(1);
  vi.unstubAllGlobals();
});

test('a call that is not answered is rejected in time, and a silent worker is declared dead', async () => {
  const address = URL.createObjectURL(new Blob(['']));
  const reasons: string[] = [];
  const client = createChartClient({
    timeout: 60,
    start: () => new Worker(address),
    onDeath: (reason) => reasons.push(reason),
  });
  await expect(client.calls.hit('a', 1, 2)).rejects.toThrow('The charts did not answer "hit" within 0.06 s.');
  await vi.waitFor(() => expect(reasons).toEqual(['The charts stopped answering.']), patient);
  await expect(client.calls.ping()).rejects.toThrow('stopped answering');
  client.dispose();
  expect(reasons).toHaveLength(1);
  URL.revokeObjectURL(address);
});

test('while it runs, marks, axes, sentence and numbers are of one tick in every frame', async () => {
  const tables = (tick: number) => {
    const slices = slicesTable();
    const columns = slices.columns.map((c) =>
      c.name === 'people' ? { ...c, values: Float64Array.from({ length: slices.rows }, () => tick) } : c,
    );
    const explanation = `The sentence of tick ${tick}.`;
    return [{ ...slices, columns, facts: { ...slices.facts, explanation } }];
  };
  const shown: string[] = [];
  vi.spyOn(ImageBitmapRenderingContext.prototype, 'transferFromImageBitmap').mockImplementation(() => {
    shown.push(find('.chart-sentence').textContent);
  });
  const ports: MessagePort[] = [];
  function Running() {
    const { connect, generation } = useCharts();
    useEffect(() => void ports.push(connect()), [connect, generation]);
    return null;
  }
  root = createRoot(box);
  root.render(
    <ChartsProvider>
      <Running />
      <Instrument id="slices" />
    </ChartsProvider>,
  );
  await vi.waitFor(() => expect(ports.length).toBeGreaterThan(0), patient);
  for (const tick of [1, 2, 3]) {
    ports.at(-1)?.postMessage({ kind: 'tables', tick, tables: tables(tick) });
    // The marks are put on the canvas when the sentence of the same tick is already there.
    await vi.waitFor(() => expect(shown.at(-1)).toBe(`The sentence of tick ${tick}.`), patient);
  }
  find('.chart-more').click();
  await vi.waitFor(() => find('[role=menuitem]'), patient);
  find('[role=menuitem]').click();
  await vi.waitFor(() => expect(find('.chart-dialog header').textContent).toContain('at tick 3'), patient);
  const row = document.querySelectorAll('.chart-dialog tbody tr')[0];
  expect([...row.children].map((td) => td.textContent).slice(0, 3)).toEqual(['all', 'all', '3']);
});
