import { afterEach, expect, test, vi } from 'vitest';
import { painters } from '../../worker/painters.ts';

const patient = { timeout: 40_000, interval: 50 };

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

test('every view of every instrument draws in the gallery, side by side, without a warning', async () => {
  const complaints: unknown[][] = [];
  for (const level of ['warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((...args) => complaints.push(args));
  const place = document.createElement('div');
  place.id = 'root';
  document.body.append(place);
  const { root } = await import('./main.tsx');
  const views = Object.keys(painters);
  await vi.waitFor(() => {
    const charts = [...document.querySelectorAll('.chart')];
    expect(charts).toHaveLength(views.length);
    const drawn = charts.filter((chart) => chart.querySelectorAll('.chart-layers text').length > 3);
    expect(drawn).toHaveLength(views.length);
  }, patient);
  expect(document.querySelectorAll('.chart-message')).toHaveLength(0);
  for (const scroll of document.querySelectorAll('.chart-scroll'))
    expect(scroll.scrollWidth).toBeLessThanOrEqual(scroll.clientWidth);
  root.unmount();
  expect(document.querySelectorAll('canvas')).toHaveLength(0);
  expect(complaints).toEqual([]);
});
