import { userEvent } from 'vitest/browser';
import { afterEach, expect, test, vi } from 'vitest';
import { IconButton } from '../IconButton.tsx';
import { find, mount } from '../render.test-helper.tsx';
import { MenuButton } from './MenuButton.tsx';
import { Soon } from './Soon.tsx';
import startTips from './tips.tsx';

const press = vi.fn<() => void>();
const options = [
  { value: 1, label: 'one' },
  { value: 2, label: 'two' },
];

afterEach(() => press.mockClear());

test('the first press of a menu button loads its menu and opens it; the focus comes back', async () => {
  const host = mount(
    <MenuButton trigger={{ children: 'More' }} items={[{ text: 'Save', onClick: () => press() }]} />,
  );
  await vi.waitUntil(() => host.querySelector('button') !== null);
  for (const presses of [1, 2]) {
    find(host, 'button').focus();
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => find(document, '[role=menuitem]'));
    expect(find(host, 'button').getAttribute('aria-expanded')).toBe('true');
    find(document, '[role=menuitem]').click();
    await vi.waitUntil(() => document.querySelector('[role=menu]') === null);
    expect(press).toHaveBeenCalledTimes(presses);
    await vi.waitUntil(() => document.activeElement === find(host, 'button'));
  }
});

test.each(['Enter', ' ', 'ArrowDown'])(
  'the key "%s" highlights the first entry, also the first time',
  async (key) => {
    const items = ['Save', 'Copy'].map((text) => ({ text, onClick: press }));
    const host = mount(<MenuButton trigger={{ children: 'More' }} items={items} />);
    await vi.waitUntil(() => host.querySelector('button') !== null);
    for (let opening = 0; opening < 2; opening++) {
      find(host, 'button').focus();
      await userEvent.keyboard(`{${key}}`);
      await vi.waitUntil(() => document.activeElement?.textContent === 'Save');
      expect(document.activeElement?.hasAttribute('data-highlighted')).toBe(true);
      await userEvent.keyboard('{ArrowDown}');
      await vi.waitUntil(() => document.activeElement?.textContent === 'Copy');
      await userEvent.keyboard('{Escape}');
      await vi.waitUntil(() => document.activeElement === find(host, 'button'));
    }
    expect(press).not.toHaveBeenCalled();
  },
);

test('the arrow key opens a menu of choices, which tells what was chosen', async () => {
  const chosen = vi.fn<(value: unknown) => void>();
  const host = mount(
    <MenuButton trigger={{ children: 'one' }} choice={{ value: 1, options, onChange: chosen }} />,
  );
  await vi.waitUntil(() => host.querySelector('button') !== null);
  find(host, 'button').focus();
  await userEvent.keyboard('{ArrowDown}');
  await vi.waitFor(() => find(document, '[role=menuitemradio][aria-checked=true]', 'one'));
  find(document, '[role=menuitemradio]', 'two').click();
  await vi.waitUntil(() => document.querySelector('[role=menu]') === null);
  expect(chosen.mock.calls[0][0]).toBe(2);
});

test('one tooltip names the icon button under the pointer or the focus', async () => {
  startTips();
  const host = mount(
    <p>
      <IconButton icon="help" label="Help" keys="?" onClick={press} />
      <IconButton icon="dice" label="Another seed" onClick={press} />
      <input aria-label="elsewhere" />
    </p>,
  );
  await vi.waitUntil(() => host.querySelector('input') !== null);
  const tips = () => [...document.querySelectorAll('.tooltip')].map(({ textContent }) => textContent);
  const shows = (...texts: string[]) => vi.waitFor(() => expect(tips()).toEqual(texts));
  const help = find(host, 'button', 'Help');
  await userEvent.hover(help);
  await shows('Help?');
  await userEvent.hover(find(host, 'button', 'Another'));
  await shows('Another seed');
  await userEvent.click(find(host, 'button', 'Another'));
  await shows();
  expect(press).toHaveBeenCalledOnce();
  await userEvent.hover(find(host, 'input'));
  help.focus();
  await userEvent.keyboard('{Tab}{Tab}');
  await shows();
  await userEvent.keyboard('{Shift>}{Tab}{/Shift}');
  await shows('Another seed');
  await userEvent.keyboard('{Escape}');
  await shows();
});

test('parts that come soon are mounted in turn, each in a task of its own', async () => {
  const seen: string[] = [];
  const host = mount(
    <p>
      <b>0</b>
      {[2, 1, 3].map((turn) => (
        <Soon key={turn} turn={turn}>
          <b>{turn}</b>
        </Soon>
      ))}
    </p>,
  );
  new MutationObserver(() => seen.push(host.textContent)).observe(host, { subtree: true, childList: true });
  await vi.waitUntil(() => host.textContent === '0213', { timeout: 30_000 });
  await vi.waitFor(() => expect(seen).toEqual(['0', '01', '021', '0213']));
});
