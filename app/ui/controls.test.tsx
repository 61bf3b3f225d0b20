import { beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { knobs } from '../state/knobs.ts';
import { useScenario } from '../state/scenario-store.ts';
import { KnobControl } from './rail/KnobControl.tsx';
import { find, freshStores, mount } from './render.test-helper.tsx';

beforeEach(freshStores);
const scenario = () => useScenario.getState().scenario;

async function show(path: string): Promise<HTMLElement> {
  const host = mount(<KnobControl path={path} verbose />);
  await vi.waitUntil(() => host.querySelector('.knob') !== null);
  return host;
}

describe('a control made from the schema', () => {
  test('every knob renders with its name, value and help', async () => {
    const host = mount(knobs.map((knob) => <KnobControl key={knob.path} path={knob.path} verbose />));
    await vi.waitUntil(() => host.querySelectorAll('.knob').length === knobs.length);
    for (const knob of knobs) {
      const box = find(host, `[data-knob="${knob.path}"]`);
      expect(box.textContent).toContain(knob.info.label);
      expect(box.textContent).toContain(knob.info.help);
      if (knob.kind === 'number') expect(box.querySelector('.field-input'), knob.path).not.toBeNull();
      else
        expect(box.querySelectorAll('button').length, knob.path).toBe(
          knob.info.options?.filter(({ own }) => own !== true).length,
        );
    }
  });

  test('typing a value sets it', async () => {
    const host = await show('population.women');
    const field = find<HTMLInputElement>(host, '.field-input');
    expect(field.value).toBe('42');
    await userEvent.fill(field, '55');
    expect(scenario().population.women).toBe(0.55);
  });

  test('an invalid value stays in the field with one message; the scenario keeps the valid one', async () => {
    const host = await show('population.women');
    const field = find<HTMLInputElement>(host, '.field-input');
    await userEvent.fill(field, '140');
    await vi.waitUntil(() => host.querySelector('[role="alert"]') !== null);
    expect(find(host, '[role="alert"]').textContent).toMatch(
      /Women must lie between 0 and 100 %; it is 140 %/,
    );
    expect(field.value).toBe('140');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(scenario().population.women).toBe(0.42);
    await userEvent.tab();
    expect(field.value).toBe('140');
    await userEvent.fill(field, '40');
    await vi.waitUntil(() => host.querySelector('[role="alert"]') === null);
    expect(scenario().population.women).toBe(0.4);
  });

  test('the slider moves with the keyboard and announces its value in words', async () => {
    const host = await show('policy.tickMs');
    const slider = find<HTMLInputElement>(host, 'input[type="range"]');
    expect(slider.getAttribute('aria-label')).toBe('Tick');
    expect(slider.getAttribute('aria-valuetext')).toBe('500\u202fms');
    slider.focus();
    await userEvent.keyboard('{End}');
    expect(scenario().policy.tickMs).toBe(10_000);
    await userEvent.keyboard('{Home}');
    expect(scenario().policy.tickMs).toBe(50);
  });

  test('each press of an arrow key moves a slider, however coarse the knob', async () => {
    for (const path of ['policy.tickMs', 'policy.waitingBonus', 'population.people', 'policy.threshold']) {
      const host = await show(path);
      const slider = find<HTMLInputElement>(host, `[data-knob="${path}"] input[type="range"]`);
      slider.focus();
      const seen = new Set<string | null>([slider.getAttribute('aria-valuetext')]);
      for (let i = 1; i <= 3; i++) {
        await userEvent.keyboard('{ArrowRight}');
        await vi.waitUntil(() => !seen.has(slider.getAttribute('aria-valuetext')), { timeout: 1000 });
        seen.add(slider.getAttribute('aria-valuetext'));
      }
      expect(seen.size, path).toBe(4);
    }
  });

  test('a choice can be changed but not cleared', async () => {
    const host = await show('policy.scorer');
    await userEvent.click(find(host, 'button', 'Oracle'));
    expect(scenario().policy.scorer).toBe('oracle');
    await userEvent.click(find(host, 'button', 'Oracle'));
    expect(scenario().policy.scorer).toBe('oracle');
    expect(find(host, 'button', 'Oracle').getAttribute('aria-pressed')).toBe('true');
  });
});
