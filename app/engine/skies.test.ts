import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SkyView } from './api.ts';
import { Skies } from './skies.ts';
import { SkyRoom } from './sky-room.ts';

const view: SkyView = {
  width: 40,
  height: 30,
  devicePixelRatio: 1,
  dark: true,
  reducedMotion: false,
  colourBy: 'country',
};

let busy = false;
let skies: Skies;
let drawn = vi.spyOn(SkyRoom.prototype, 'draw');

/** Has this promise been settled by what happened so far? */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await Promise.resolve();
  await Promise.resolve();
  return done;
}

beforeEach(() => {
  vi.useFakeTimers();
  drawn = vi.spyOn(SkyRoom.prototype, 'draw').mockReturnValue(true);
  busy = false;
  skies = new Skies(() => busy);
  skies.attach('main', new OffscreenCanvas(40, 30), view);
});

afterEach(() => {
  skies.detach('main');
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('Skies', () => {
  it('keeps a canvas until it is known what draws', () => {
    expect(skies.get('main')).toBeUndefined();
    skies.frame(0);
    expect(drawn).not.toHaveBeenCalled();
    skies.open(null);
    expect(skies.get('main')).toBeInstanceOf(SkyRoom);
    skies.frame(16);
    expect(drawn).toHaveBeenCalledOnce();
  });

  it('keeps a canvas that comes while the device is away until there is another', () => {
    skies.open(null);
    skies.lost();
    skies.attach('other', new OffscreenCanvas(40, 30), view);
    expect(skies.get('other')).toBeUndefined();
    skies.open(null);
    expect(skies.get('other')).toBeInstanceOf(SkyRoom);
    skies.detach('other');
  });

  it('is held only when what was drawn in a frame has left, one frame later', async () => {
    skies.open(null);
    skies.frame(0);
    const held = skies.hold(true);
    expect(await settled(held)).toBe(false);
    skies.frame(16);
    expect(await settled(held)).toBe(true);
    expect(drawn).toHaveBeenCalledOnce();
  });

  it('waits two frames for what was drawn between two', async () => {
    skies.open(null);
    skies.frame(0);
    skies.draw(8);
    const held = skies.hold(true);
    skies.frame(16);
    expect(await settled(held)).toBe(false);
    skies.frame(32);
    expect(await settled(held)).toBe(true);
  });

  it('waits for nothing where nothing was drawn, and not for ever where no frame comes', async () => {
    skies.open(null);
    drawn.mockReturnValue(false);
    skies.frame(0);
    expect(await settled(skies.hold(true))).toBe(true);
    skies.release(10);
    drawn.mockReturnValue(true);
    skies.frame(16);
    const held = skies.hold(true);
    await vi.advanceTimersByTimeAsync(99);
    expect(await settled(held)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await settled(held)).toBe(true);
  });

  it('does not wait when it need not be clear, draws nothing while held, and at once when released', async () => {
    skies.open(null);
    skies.frame(0);
    expect(await settled(skies.hold(false))).toBe(true);
    skies.frame(16);
    skies.draw(20);
    expect(drawn).toHaveBeenCalledOnce();
    skies.release(30);
    expect(drawn).toHaveBeenCalledTimes(2);
  });

  it('draws nothing beside a GPU that is at work in software', () => {
    skies.open(null);
    busy = true;
    skies.frame(0);
    expect(drawn).not.toHaveBeenCalled();
    busy = false;
    skies.frame(16);
    expect(drawn).toHaveBeenCalledOnce();
  });
});
