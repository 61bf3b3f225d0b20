import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Did } from '../../src/sim/moments/decision.ts';
import { BloomFilter } from '../../src/content/memory/bloom.ts';
import type { PhoneCopy } from '../engine/api.ts';
import { scenario } from '../../src/scenario/parse.ts';
import { useStatus } from '../state/status-store.ts';
import { find, mountPage } from '../ui/render.test-helper.tsx';
import { Pocket } from './pocket.ts';

/** A phone that has seen 40 posts and shared nothing. */
function phoneCopy(): PhoneCopy {
  const filter = BloomFilter.hashed(4800, 7, 5);
  const seen = new Uint8Array(filter.bytes);
  for (let post = 0; post < 40; post++) filter.add(seen, post);
  return {
    ...{ person: 1, time: 60, seed: 5, shortTerm: 0, counts: new Uint16Array(24), width: 8, depth: 3 },
    ...{ seen, bits: 4800, hashes: 7, signature: new Uint32Array([0xff, 0]) },
    ...{ intent: [0.3, 0.7], trueIntent: 1 },
    stays: [
      { place: 'wait', from: 10, to: 11 },
      { place: 'chat', from: 11, to: 40 },
      { place: 'feed', from: 40, to: 60 },
    ],
    items: [
      { what: 'sticker', time: 20, source: 2, did: Did.share },
      { what: 'card', time: 45, source: 1, did: Did.skip | Did.stop },
    ],
  };
}

test('a wiped phone forgets, and the day-end report restores its counts', () => {
  const phone = new Pocket(phoneCopy());
  expect(phone.view().seen.items).toBeGreaterThan(35);
  expect(phone.view().seen.items).toBeLessThan(45);
  for (let k = 0; k < 5; k++) phone.share(2);
  expect(phone.view()).toMatchObject({ estimates: [0, 0, 5], lastShared: [false, false, true] });
  // New comes first, and twice as often.
  expect(phone.view().stream.slice(0, 4)).toEqual([2, 2, 0, 1]);
  phone.report();
  phone.wipe();
  expect(phone.view()).toMatchObject({ estimates: [0, 0, 0], seen: { set: [], items: 0 } });
  phone.restore();
  expect(phone.view()).toMatchObject({ estimates: [0, 0, 5], lastShared: [false, false, false] });
});

test('a pinned person has a phone, where the evening has a feed', async () => {
  const { host, engine } = await mountPage();
  engine.answers.phone = () => Promise.resolve(phoneCopy());
  engine.answers.why = () => Promise.resolve(null);
  const { info } = useStatus.getState();
  useStatus.setState({ info: { ...info!, scenario: scenario({ feed: { on: 'on' } }) } });
  await userEvent.click(find(host, '.sky'));
  await page.getByRole('tab', { name: 'Phone' }).click();
  await expect
    .element(
      page.getByRole('img', { name: 'The last 50 seconds: waits 1 s, chats 29 s, reads the feed 20 s' }),
    )
    .toBeVisible();
  await expect
    .element(page.getByText('0:45 a post of a known creator: skipped, then left the feed'))
    .toBeVisible();
  await expect.element(page.getByText('listen 30 %, search 70 %. In truth, they search.')).toBeVisible();
  await expect.element(page.getByRole('img', { name: '8 of 64 bits of its SimHash' })).toBeVisible();
  await page.getByRole('button', { name: 'Share a new sticker' }).click();
  await expect.element(page.getByText('branded 0, known 0, new 1.', { exact: false })).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Restore the counts' })).toBeDisabled();
  await page.getByRole('button', { name: 'Day-end report' }).click();
  await page.getByRole('button', { name: 'Wipe' }).click();
  await expect.element(page.getByText('0 of 4,800 bits are set', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Restore the counts' }).click();
  await expect.element(page.getByText('branded 0, known 0, new 1.', { exact: false })).toBeVisible();
});
