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

test('a canvas waits until it is known what draws', () => {
  const drawn = vi.spyOn(MarketSky.prototype, 'draw');
  expect(skies.get('main')).toBeUndefined();
  skies.draw(0);
  expect(drawn).not.toHaveBeenCalled();
  skies.open(null);
  expect(skies.get('main')).toBeInstanceOf(MarketSky);
  skies.draw(16);
  expect(drawn).toHaveBeenCalledOnce();
});

test('a canvas that is attached after a device loss waits for the next device', () => {
  skies.open(null);
  skies.lost();
  skies.attach('other', new OffscreenCanvas(40, 30), view);
  expect(skies.get('other')).toBeUndefined();
  skies.open(null);
  expect(skies.get('other')).toBeInstanceOf(MarketSky);
  skies.detach('other');
});
