import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { fakeMarket } from '../state/testing/fake-engine.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import { find, mountPage } from './render.test-helper.tsx';

const wide = () => page.viewport(1440, 900);
const phone = () => page.viewport(390, 844);

describe('the page', () => {
  test('shows the status of the engine in words and figures, and nothing before the first one', async () => {
    await wide();
    const { host, engine } = await mountPage();
    expect(find(host, '.headline-text').textContent).toBe('1,842 people wait. 914 pairs are made.');
    const figures = [...host.querySelectorAll('.figure dd')].map((dd) => dd.textContent);
    expect(figures).toEqual(['4\u202fm 12\u202fs', '0.21\u202f%', '0.7\u202fs', '1,828']);
    engine.emit({ main: { ...fakeMarket, gap: Number.NaN, medianWait: Number.NaN, waiting: 1 } });
    await vi.waitUntil(() => find(host, '.headline-text').textContent.startsWith('1 person waits.'));
    expect([...host.querySelectorAll('.figure dd')].map((dd) => dd.textContent)[1]).toBe('–');
  });

  test('every canvas is transferred once and detached, with and without StrictMode', async () => {
    await wide();
    const { engine, host } = await mountPage();
    const attached = engine.argsOf('attachSky').map((args) => args[1]);
    expect(new Set(attached).size).toBe(attached.length);
    expect(attached.length - engine.argsOf('detachSky').length).toBe(1);
    expect(host.querySelectorAll('.sky-canvas')).toHaveLength(1);
  });

  test('comparing splits the sky and gives each policy its controls', async () => {
    await wide();
    const { host, engine } = await mountPage();
    find(host, '#compare').click();
    await vi.waitUntil(() => host.querySelectorAll('.sky-canvas').length === 2);
    engine.emit({ other: { ...fakeMarket, meanPredicted: 61 } });
    await vi.waitUntil(() => host.querySelectorAll('.figure dd').length === 8);
    expect(host.querySelectorAll('.figure dd')[1].textContent).toContain('1\u202fm 1\u202fs');
    expect(find(host, '.figure:first-child dt').textContent).toBe('mean prediction');
    const policy = { ...fakeMarket.policy, formula: '61 * me.wait * you.wait' };
    engine.emit({ other: { ...fakeMarket, meanPredicted: 61, policy } });
    await vi.waitUntil(() => find(host, '.figure:first-child dt').textContent === 'mean weight');
    expect(host.querySelectorAll('.figure dd')[1].textContent).toBe('B61.0');
    expect(find(host, '[data-knob="policy.scorer"] button', 'Rules').getAttribute('aria-pressed')).toBe(
      'true',
    );
    find(host, '.rail .sides button', 'A').click();
    await vi.waitUntil(
      () =>
        find(host, '[data-knob="policy.scorer"] button', 'Towers').getAttribute('aria-pressed') === 'true',
    );
  });

  test('the size is the one that runs; where ticks are too slow, a smaller one is offered', async () => {
    await wide();
    const { host, engine } = await mountPage();
    const size = () => find(host, '[data-knob="population.size"]').textContent;
    await vi.waitUntil(() => size().includes('100\u202f%: 60,000 people'));
    expect(host.querySelector('.size-offer')).toBeNull();
    engine.emit({ tickMs: 420 });
    await vi.waitUntil(() => host.querySelector('.size-offer') !== null);
    expect(find(host, '.size-offer').textContent).toContain('about 420 ms here, more than its 100 ms');
    find(host, '.size-offer button').click();
    expect(useScenario.getState().scenario.population.size).toBe(0.2);
    await vi.waitUntil(() => size().includes('20\u202f%: 12,000 people'));
  });

  test('pointer and keyboard show the card of a person', async () => {
    await wide();
    const { host } = await mountPage();
    const sky = find(host, '.sky');
    sky.focus();
    await userEvent.keyboard('{ArrowRight}');
    await vi.waitUntil(() => host.querySelector('.person-card') !== null);
    expect(find(host, '.person-card').textContent).toContain('Woman, 18-24, Japan');
    await userEvent.keyboard('{Escape}');
    await vi.waitUntil(() => host.querySelector('.person-card') === null);
  });

  test('an alarm gives the cause, and one button helps', async () => {
    await wide();
    const { host, engine } = await mountPage();
    useScenario.getState().set('policy.threshold', 300);
    engine.emit({
      main: { ...fakeMarket, alarms: [{ kind: 'oldest-wait', text: 'The oldest has waited 61 s.' }] },
    });
    await vi.waitUntil(() => host.querySelector('.alarms') !== null);
    expect(find(host, '.alarms').textContent).toContain('The oldest has waited 61 s.');
    find(host, '.alarms button').click();
    expect(useScenario.getState().scenario.policy.threshold).toBe(0);
    await vi.waitUntil(() => engine.argsOf('setPolicy').length === 2);
  });

  test('notices stay until they are dismissed', async () => {
    await wide();
    const { host, engine } = await mountPage();
    const notices = ['The GPU was lost; the market went on from tick 123.'];
    engine.emit({ notices });
    await vi.waitUntil(() => host.querySelector('.notice') !== null);
    find(host, '.notice button').click();
    await vi.waitUntil(() => host.querySelector('.notice') === null);
    engine.emit({ notices });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(host.querySelector('.notice')).toBeNull();
  });

  test('a market that moves to the CPU says so and gets a new canvas', async () => {
    await wide();
    const { host, engine } = await mountPage();
    engine.emit();
    await vi.waitUntil(() => find(host, '.chip').textContent.includes('fake adapter'));
    const lent = engine.argsOf('attachSky').length;
    const canvas = find(host, '.sky-canvas');
    engine.emit({ runsOn: { backend: 'cpu', adapter: 'WebAssembly', note: '' } });
    await vi.waitUntil(() => engine.argsOf('attachSky').length > lent);
    expect(find(host, '.sky-canvas')).not.toBe(canvas);
    expect(find(host, '.chip').textContent).toContain('CPU WebAssembly');
  });

  test('a dead engine is reported, with a button to restart it', async () => {
    await wide();
    const { host, engine } = await mountPage();
    engine.onDeath('The engine stopped: out of memory');
    await vi.waitUntil(() => host.querySelector('.failed') !== null);
    expect(find(host, '.failed').textContent).toContain('out of memory');
    find(host, '.failed button').click();
    await vi.waitUntil(() => useStatus.getState().phase === 'ready');
    expect(engine.argsOf('start')).toHaveLength(2);
  });

  test('an instrument fills the screen and goes back to its place', async () => {
    await wide();
    const { host } = await mountPage();
    await userEvent.click(find(host, 'button', 'How long does a tick take? Fill the screen'));
    await vi.waitUntil(() => document.querySelector('.enlarged [data-chart="latency"]') !== null);
    expect(host.querySelector('[data-chart="latency"]')).toBeNull();
    await userEvent.keyboard('{Escape}');
    await vi.waitUntil(() => host.querySelector('[data-chart="latency"]') !== null);
  });

  test('an instrument that fails says so in its place, and draws again when asked', async () => {
    await wide();
    let broken = true;
    const { host } = await mountPage(({ id }) => {
      if (id === 'slices' && broken) throw new Error('no such slice');
      return <div data-chart={id} />;
    });
    const failed = find(host, '[data-instrument="slices"] [role="alert"]');
    expect(failed.textContent).toContain('stopped: no such slice. The evening goes on.');
    expect(host.querySelectorAll('[data-chart]')).toHaveLength(3);
    broken = false;
    find(failed, 'button', 'Try again').click();
    await vi.waitUntil(() => host.querySelector('[data-chart="slices"]') !== null);
  });

  test('a scorer without weights is not shown: the control says what runs, and why', async () => {
    await wide();
    const { host, engine } = await mountPage();
    const why = 'cupid.json could not be loaded (no connection); the market goes on with rules';
    engine.answers.setPolicy = (_, { scorer }) =>
      Promise.resolve(scorer === 'cupid' ? { runs: 'rules', why } : null);
    useScenario.getState().set('policy.scorer', 'cupid');
    await vi.waitUntil(() => host.querySelector('[data-knob="policy.scorer"] [role="alert"]') !== null);
    const knob = find(host, '[data-knob="policy.scorer"]');
    expect(knob.textContent).toContain(why);
    expect(find(knob, 'button', 'Rules').getAttribute('aria-pressed')).toBe('true');
    expect(useScenario.getState().scenario.policy.scorer).toBe('rules');
  });

  test('all knobs can be searched, and the page behind stays usable', async () => {
    await wide();
    const { host } = await mountPage();
    find(host, 'button', /All \d+ knobs/).click();
    await vi.waitUntil(() => document.querySelector('.drawer input') !== null);
    await userEvent.fill(find(document, '.drawer input[type="search"]'), 'patience');
    await vi.waitUntil(() => document.querySelectorAll('.drawer .knob').length === 1);
    expect(find(document, '.drawer .knob').textContent).toContain('Median time');
    await userEvent.fill(find(document, '.drawer input[type="search"]'), 'xyzzy');
    await vi.waitUntil(() => document.querySelectorAll('.drawer .knob').length === 0);
    expect(find(document, '.drawer .nothing').textContent).toContain('xyzzy');
    expect(find(host, '.play').closest('[inert], [aria-hidden="true"]')).toBeNull();
  });
});

describe('keys', () => {
  const press = (keys: string) => userEvent.keyboard(keys);

  test('play, step, speed, reset, compare, undo, panels', async () => {
    await wide();
    const { engine } = await mountPage();
    await press(' ');
    expect(engine.argsOf('pause')).toHaveLength(1);
    await press('.');
    await vi.waitUntil(() => engine.argsOf('step').length === 1);
    await press('+');
    expect(engine.argsOf('setSpeed').at(-1)).toEqual([2]);
    await press('-');
    expect(engine.argsOf('setSpeed').at(-1)).toEqual([1]);
    await press('r');
    await vi.waitUntil(() => engine.argsOf('start').length === 2);
    await press('c');
    expect(useScenario.getState().other).not.toBeNull();
    await press('{Control>}z{/Control}');
    expect(useScenario.getState().other).toBeNull();
    await press('{Control>}{Shift>}Z{/Shift}{/Control}');
    expect(useScenario.getState().other).not.toBeNull();
    await press('t');
    expect(useUi.getState().theme).toBe('light');
    await press('t');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await press('t');
    expect(useUi.getState().theme).toBe('auto');
    await press('[[');
    expect(useUi.getState().railOpen).toBe(false);
    await press('2');
    expect(useUi.getState().enlarged).toBe('latency');
    await press('{Escape}');
    await vi.waitUntil(() => useUi.getState().enlarged === null);
    await press('?');
    await vi.waitUntil(() => document.querySelector('.help') !== null);
    expect(find(document, '.help').textContent).toContain('One tick');
    await press('{Escape}');
    await vi.waitUntil(() => useUi.getState().panel === null);
  });

  test('a focused control keeps its own keys', async () => {
    await wide();
    const { host, engine } = await mountPage();
    find(host, '#seed').focus();
    await press('.');
    await press(' ');
    expect(engine.argsOf('step')).toHaveLength(0);
    expect(engine.argsOf('pause')).toHaveLength(0);
    find(host, '.play').focus();
    await press(' ');
    expect(engine.argsOf('pause')).toHaveLength(1);
  });

  test('the space bar pauses after a click, and presses a button that the keyboard reached', async () => {
    await wide();
    const { host } = await mountPage();
    const playing = () => useStatus.getState().playing;
    const compare = find(host, '#compare');
    await userEvent.click(compare);
    expect(document.activeElement).toBe(compare);
    await press(' ');
    expect(playing()).toBe(false);
    expect(useScenario.getState().other).not.toBeNull();
    await userEvent.click(find(host, '[data-knob="policy.matcher"] button', 'Auction'));
    await press(' ');
    expect(playing()).toBe(true);
    // To the next control and back.
    compare.focus();
    await userEvent.tab();
    await userEvent.tab({ shift: true });
    expect(document.activeElement).toBe(compare);
    await press(' ');
    expect(useScenario.getState().other).toBeNull();
    expect(playing()).toBe(true);
  });
});

describe('layout', () => {
  test.each([
    ['phone', phone, 390],
    ['desk', wide, 1440],
    ['small laptop', () => page.viewport(1024, 700), 1024],
  ])('%s: nothing overflows sideways, alone or compared', async (_name, size, width) => {
    await size();
    const { host, engine } = await mountPage();
    const check = () => {
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
      const outside = [...host.querySelectorAll<HTMLElement>('button, input, dd, h2, h3, p')].filter((el) => {
        const { left, right, width: w } = el.getBoundingClientRect();
        const hidden = el.closest('.visually-hidden') !== null || w <= 1;
        return !hidden && !el.matches('input[type="range"]') && (right > width + 1 || left < -1);
      });
      expect(outside.map((el) => el.outerHTML.slice(0, 120))).toEqual([]);
    };
    check();
    useScenario.getState().startCompare();
    engine.emit({ other: fakeMarket });
    await vi.waitUntil(() => host.querySelectorAll('.figure dd').length === 8);
    check();
  });

  test('phone: controls are in a tab, and the transport is always visible', async () => {
    await phone();
    const { host } = await mountPage();
    expect(host.querySelector('[data-knob="policy.scorer"]')).toBeNull();
    find(host, '[role="tab"]', 'Controls').click();
    await vi.waitUntil(() => host.querySelector('[data-knob="policy.scorer"]') !== null);
    const { bottom } = find(host, '.transport').getBoundingClientRect();
    expect(Math.round(bottom)).toBe(844);
  });
});
