import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SkyView } from '../api.ts';
import { MarketSky } from './market-sky.ts';
import { Skies } from './skies.ts';

const view: SkyView = {
  width: 40,
  height: 30,
  devicePixelRatio: 1,
  dark: true,
  reducedMotion: false,
  colourBy: 'country',
};

let skies: Skies;

beforeEach(() => {
  skies = new Skies();
  skies.attach('main', new OffscreenCanvas(40, 30), view);
});

afterEach(() => {
  skies.detach('main');
  vi.restoreAllMocks();
});

/** One animation frame and the task that draws in it. */
async function frame(): Promise<void> {
  skies.frame(performance.now());
  await new Promise((resolve) => setTimeout(resolve));
}

test('a canvas waits until it is known whether a GPU draws', async () => {
  const drawn = vi.spyOn(MarketSky.prototype, 'draw');
  expect(skies.get('main')).toBeUndefined();
  await frame();
  expect(drawn).not.toHaveBeenCalled();
  void skies.open(null);
  expect(skies.get('main')).toBeInstanceOf(MarketSky);
  await frame();
  expect(drawn).toHaveBeenCalledOnce();
});

test('on the CPU nothing is drawn for three times the duration of a frame', async () => {
  let clock = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const drawn = vi.spyOn(MarketSky.prototype, 'draw').mockImplementation(() => (clock += 20));
  void skies.open(null);
  await frame();
  expect(clock).toBe(1020);
  clock += 59;
  await frame();
  expect(drawn).toHaveBeenCalledOnce();
  clock += 1;
  await frame();
  expect(drawn).toHaveBeenCalledTimes(2);
});

test('on the CPU a frame starts after the messages that have already arrived', async () => {
  const order: string[] = [];
  vi.spyOn(MarketSky.prototype, 'draw').mockImplementation(() => void order.push('frame'));
  void skies.open(null);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => order.push('tick');
  port2.postMessage(null);
  await frame();
  expect(order).toEqual(['tick', 'frame']);
  port1.close();
});

test('a canvas that is attached after a device loss waits for the next device', () => {
  void skies.open(null);
  skies.lost();
  skies.attach('other', new OffscreenCanvas(40, 30), view);
  expect(skies.get('other')).toBeUndefined();
  void skies.open(null);
  expect(skies.get('other')).toBeInstanceOf(MarketSky);
  skies.detach('other');
});
