import { test, vi } from 'vitest';
import { useStatus } from '../../state/status-store.ts';
import { find, mountPage } from '../render.test-helper.tsx';

test('an empty sky says that the evening is paused at its start', async () => {
  const { host } = await mountPage();
  const show = (tick: number, playing: boolean) =>
    useStatus.setState((s) => ({ playing, status: s.status && { ...s.status, tick } }));
  const says = (start: RegExp) => vi.waitUntil(() => start.test(find(host, '.headline-sub').textContent));
  show(1, false);
  await says(/^Paused at the start/);
  show(2, false);
  await says(/^Each dot/);
  show(1, false);
  await says(/^Paused at the start/);
  show(1, true);
  await says(/^Each dot/);
});
