import { suggestion } from '../../src/base/nearest.ts';
import { shown } from '../../src/base/errors.ts';
import { knobs } from '../state/knobs.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';

/** What a link can hide by name: `?hide=rail,seed`. Knobs are hidden by their path. */
export const controls: Readonly<Record<string, string>> = {
  bar: '.topbar',
  clock: '.now, .embed-clock',
  engine: '.chip',
  compare: '.compare',
  experiment: '#experiment',
  train: '#train',
  data: '#own-data',
  share: '#share',
  print: '#print',
  tour: '#tour',
  lessons: '#lessons',
  theme: '#theme',
  help: '#help',
  rail: '.rail, #rail-toggle, #controls-tab',
  scenario: '[aria-labelledby="rail-scenario"]',
  preset: '.preset-button',
  undo: '.undo',
  policy: '#policy',
  knobs: '#all-knobs',
  headline: '.headline',
  legend: '.legend, .chart-legend',
  figures: '.figures',
  instruments: '.instruments, #instruments-tab, .phone-instruments',
  demand: '[data-instrument="demand"]',
  latency: '[data-instrument="latency"]',
  slices: '[data-instrument="slices"]',
  quality: '[data-instrument="quality"]',
  tabs: '.chart-tabs',
  menu: '.chart-more',
  time: '.transport, .embed-foot',
  play: '.play',
  step: '.transport .round:not(#reset)',
  reset: '#reset',
  speed: '.speed',
  timeline: '#timeline',
  seed: '.seed, .topbar-seed, .embed-seed',
  link: '.embed-link',
};

/** Hides the named controls. Names that there are not change nothing and are told in one notice. */
export function hideControls(list: string): void {
  const names = list.split(',').map((name) => name.trim());
  const selectors = new Map([
    ...knobs.map(({ path }): [string, string] => [path, `[data-knob="${path}"]`]),
    ...Object.entries(controls),
  ]);
  const known = names.filter((name) => selectors.has(name));
  const unknown = names.filter((name) => name !== '' && !selectors.has(name));
  const style = document.createElement('style');
  style.textContent = known.map((name) => `${selectors.get(name)} { display: none !important; }`).join('\n');
  document.head.append(style);
  const hidden = new Set(known);
  useUi.setState({
    hidden,
    ...(hidden.has('rail') && { railOpen: false }),
    ...(hidden.has('instruments') && { instrumentsOpen: false, phoneTab: 'controls' }),
  });
  if (unknown.length === 0) return;
  const guess = unknown.length === 1 ? suggestion(unknown[0], selectors.keys()) : '';
  useStatus
    .getState()
    .notify(
      'hide',
      `This link hides ${unknown.map(shown).join(', ')}, which this page does not have${guess === '' ? '.' : guess} It can hide ${Object.keys(controls).join(', ')}, and every knob by its path, such as policy.scorer.`,
    );
}
