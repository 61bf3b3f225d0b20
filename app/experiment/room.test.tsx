import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { diagramWithRoles } from '../../src/experiment/causal/roles.ts';
import { worldDiagram } from '../../src/experiment/causal/world-diagram.ts';
import { parseExperiment } from '../../src/experiment/run/spec.ts';
import { normalQuantile } from '../../src/metrics/inference/distributions.ts';
import { ChartsProvider } from '../charts/view/ChartsProvider.tsx';
import { useScenario } from '../state/scenario-store.ts';
import { useUi } from '../state/ui-store.ts';
import { find, freshStores, mount } from '../ui/render.test-helper.tsx';
import { faults } from '../ui/testing/faults.ts';
import { examples, openExample } from './examples.ts';
import ExperimentRoom from './ExperimentRoom.tsx';
import { layOut } from './diagram/layout.ts';
import { wholeReport } from './state/figures.ts';
import { plansOf } from './state/plan.ts';
import { startEvenings } from './state/run.ts';
import { inputOf } from './state/spec.ts';
import { useExperiment } from './state/store.ts';
import { cancelRun } from './state/task.ts';
import { fakeRunner } from './testing/fake-evenings.ts';

const patient = { timeout: 30_000, interval: 20 };

beforeEach(() => {
  freshStores();
  useExperiment.setState({ ...useExperiment.getInitialState(), designs: ['users', 'switchback'] });
  useUi.setState({ panel: 'experiment' });
  mount(
    <ChartsProvider>
      <ExperimentRoom />
    </ChartsProvider>,
  );
});

afterEach(() => cancelRun());

const evenings = (n: number) =>
  useExperiment.setState({ settings: { ...useExperiment.getState().settings, evenings: n } });
const row = (name: string) => {
  const rows = [...document.querySelectorAll<HTMLElement>('.design-row')];
  return rows.find((r) => r.querySelector('h3')?.textContent === name);
};

test('dots and figures come in evening by evening; a bias is claimed after the last one only', async () => {
  evenings(6);
  const { runner, finishOne } = fakeRunner();
  const done = startEvenings(() => runner);
  for (let k = 0; k < 5; k++) await finishOne();
  await vi.waitFor(() => expect(row('By person')?.textContent).toMatch(/Bias\+1[12]\.\d pp/), patient);
  expect(find(document, '.experiment-verdict').textContent).toContain('so far');
  expect(document.querySelector('[data-biased]')).toBeNull();
  expect(find(document, '.task-line').textContent).toContain('5 of 6 are in');

  await finishOne();
  await done;
  await vi.waitFor(() => expect(row('By person')?.dataset['biased']).toBeDefined(), patient);
  expect(find(document, '.experiment-verdict').textContent).toContain('The truth is exactly 0');
  expect(find(document, '.experiment-more').textContent).toMatch(
    /^By person reports \+1[12]\.\d pp \(displacement\)\. The bias of the other design may be chance\./,
  );
  expect(row('By person')?.textContent).toContain('Displacement:');
  expect(row('Switchback')?.dataset['biased']).toBeUndefined();
  expect(row('Truth')?.textContent).not.toContain('Bias');
  // The chart has a mark per evening and design, and a mean per design.
  await vi.waitFor(
    () => expect(find(document, '.chart-plot').getAttribute('aria-label')).toContain('21 marks'),
    patient,
  );
  expect(find(document, '.task-line').textContent).toMatch(/^6 evenings in/);
  for (const [width, height] of [
    [1024, 768],
    [1920, 1080],
    [390, 844],
  ]) {
    await page.viewport(width, height);
    const room = find(document, '.room');
    await vi.waitFor(() => expect(faults(room, `${width} x ${height}`)).toEqual([]), patient);
  }
});

test('a cancelled run keeps the evenings that came in, and claims nothing', async () => {
  evenings(8);
  const fake = fakeRunner();
  const done = startEvenings(() => fake.runner);
  for (let k = 0; k < 6; k++) await fake.finishOne();
  await vi.waitFor(() => expect(row('By person')?.textContent).toMatch(/Bias/), patient);
  find(document, '.task-buttons button', 'Cancel').click();
  await done;
  expect(fake.closed).toBe(true);
  await vi.waitFor(() =>
    expect(find(document, '.task-line').textContent).toBe('Cancelled after 6 of 8 evenings.'),
  );
  expect(useExperiment.getState().run?.results).toHaveLength(6);
  expect(document.querySelector('[data-biased]')).toBeNull();
});

test('what is wrong with the experiment is said, and nothing runs', async () => {
  useExperiment.setState({ settings: { ...useExperiment.getState().settings, burn_in: 30, window: 20 } });
  await startEvenings(() => fakeRunner().runner);
  await vi.waitFor(() =>
    expect(find(document, '.room-problem').textContent).toMatch(/burn_in.*below the window/),
  );
  expect(useExperiment.getState().run).toBeNull();
});

test('B follows the compared policy of the page until its own controls are used', async () => {
  const line = () => [...document.querySelectorAll('.policy-line')].map((p) => p.textContent)[1];
  await vi.waitFor(() => expect(line()).toContain('Oracle'));
  useScenario.getState().startCompare();
  await vi.waitFor(() => expect(line()).toContain('Rules'));
  find(document, '[data-knob="policy.scorer"] button', 'CUPID').click();
  await vi.waitFor(() => expect(line()).toContain('CUPID'));
  useScenario.getState().endCompare();
  expect(useExperiment.getState().b?.scorer).toBe('cupid');
  find(find(document, '.room-switch', 'Two pools'), '[role="switch"]').click();
  expect(useExperiment.getState().designs).toEqual(['users', 'budget-split', 'switchback']);
});

test('the planner takes the variation of a run, and says which designs are biased', async () => {
  evenings(6);
  const { runner, finishOne } = fakeRunner();
  const done = startEvenings(() => runner);
  for (let k = 0; k < 6; k++) await finishOne();
  await done;
  useExperiment.setState({ tab: 'plan', settings: { ...useExperiment.getState().settings, effect: 2 } });
  await vi.waitFor(() => expect(row('Switchback')?.textContent).toMatch(/Evenings\d+Time/), patient);
  const sd = wholeReport(useExperiment.getState().run!).designs.switchback!.matched!.sd!;
  const [plan] = plansOf(useExperiment.getState().run!, 'matched', {
    effect: 2,
    power: 0.8,
    alpha: 0.05,
  }).slice(-1);
  expect(plan.evenings).toBe(
    Math.ceil((((normalQuantile(0.975) + normalQuantile(0.8)) * 100 * sd) / 2) ** 2 - 1e-6),
  );
  expect(row('By person')?.textContent).toContain('more evenings do not help');
  expect(row('Switchback')?.textContent).not.toContain('more evenings');
});

test('the diagram says what to adjust for, and what not', async () => {
  useExperiment.setState({ tab: 'diagram' });
  const verdict = () => find(document, '.experiment-verdict').textContent;
  await vi.waitFor(() => expect(verdict()).toMatch(/^Adjust for gender and paying:/), patient);
  expect(find(document, '.role-list > li', 'Colliders').textContent).toContain('matched');
  // Every node stands in its place, an effect to the right of its causes.
  const { places } = layOut(diagramWithRoles(worldDiagram, 'filter', 'wait'));
  for (const [cause, effect] of worldDiagram.arrows)
    expect(places.get(cause)!.x).toBeLessThan(places.get(effect)!.x);
  expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(worldDiagram.nodes.length);
  find(document, '.diagram-pairs button', 'friend → returns').click();
  await vi.waitFor(() => expect(verdict()).toContain('the true effect is 0'));
});

test('every example is a valid experiment, in small markets', () => {
  for (const example of examples) {
    openExample(example);
    const { settings, designs, b } = useExperiment.getState();
    const { scenario } = useScenario.getState();
    expect(scenario.population.online).toBeLessThanOrEqual(600);
    expect(parseExperiment(inputOf(scenario, b!, settings, ['matched'])).b).toEqual(b);
    expect(designs.length).toBeGreaterThan(1);
  }
});
