import { useEffect } from 'react';
import { useScenario } from '../state/scenario-store.ts';
import type { SessionController } from '../state/session.ts';
import { useUi } from '../state/ui-store.ts';
import { instrumentIds, instrumentTitle } from './InstrumentFrame.tsx';

interface Shortcut {
  /** The value of KeyboardEvent.key. `ctrl` also means the command key on a Mac. */
  readonly key: string;
  readonly ctrl?: boolean;
  readonly shift?: boolean;
  /** Its text in the help. */
  readonly keys: string;
  readonly text: string;
  /** The control that it stands for: a link that hides the control takes the key away, too. */
  readonly control?: string;
  run(session: SessionController): void;
}

const ui = () => useUi.getState();

const shortcuts: readonly Shortcut[] = [
  { key: ' ', keys: 'Space', text: 'Play or pause', control: 'play', run: (s) => s.toggle() },
  { key: '.', keys: '.', text: 'One tick', control: 'step', run: (s) => s.step() },
  { key: '+', keys: '+', text: 'Faster', control: 'speed', run: (s) => s.nudgeSpeed(1) },
  { key: '-', keys: '−', text: 'Slower', control: 'speed', run: (s) => s.nudgeSpeed(-1) },
  {
    key: 'r',
    keys: 'R',
    text: 'The same evening from the start',
    control: 'reset',
    run: () => document.getElementById('reset')?.click(),
  },
  {
    key: 'c',
    keys: 'C',
    text: 'Compare two policies, or stop comparing',
    control: 'compare',
    run: toggleCompare,
  },
  {
    key: 'z',
    ctrl: true,
    keys: 'Ctrl Z',
    text: 'Undo',
    control: 'undo',
    run: () => useScenario.getState().undo(),
  },
  {
    key: 'z',
    ctrl: true,
    shift: true,
    keys: 'Ctrl Shift Z',
    text: 'Redo',
    control: 'undo',
    run: () => useScenario.getState().redo(),
  },
  {
    key: 'p',
    ctrl: true,
    keys: 'Ctrl P',
    text: 'Print a sheet: instruments, knobs, origin',
    control: 'print',
    run: () => ui().open('print'),
  },
  { key: 'p', keys: 'P', text: 'Choose an evening', control: 'preset', run: () => ui().open('presets') },
  {
    key: 'd',
    keys: 'D',
    text: 'Your data: people and meetings',
    control: 'data',
    run: () => ui().open('import'),
  },
  {
    key: 'k',
    keys: 'K',
    text: 'All knobs',
    control: 'knobs',
    run: () => ui().open(ui().panel === 'knobs' ? null : 'knobs'),
  },
  ...instrumentIds.map((id, i) => ({
    key: String(i + 1),
    keys: String(i + 1),
    text: `${instrumentTitle(id)} (fills the screen; Esc goes back)`,
    control: id,
    run: () => ui().enlarge(id),
  })),
  { key: '[', keys: '[', text: 'Hide or show the controls', control: 'rail', run: () => ui().toggleRail() },
  {
    key: ']',
    keys: ']',
    text: 'Hide or show the instruments',
    control: 'instruments',
    run: () => ui().toggleInstruments(),
  },
  { key: 't', keys: 'T', text: 'Theme: system, light, dark', control: 'theme', run: nextTheme },
  { key: 'f', keys: 'F', text: 'Full screen', run: fullScreen },
  { key: '?', keys: '?', text: 'This help', control: 'help', run: () => ui().open('help') },
];

/** The shortcuts of the controls that are not hidden. */
export const offeredShortcuts = (): readonly Shortcut[] =>
  shortcuts.filter(({ control = '' }) => !ui().hidden.has(control));

/** The shortcut of a key press, if any. Shift counts only if the character does not need it. */
export function findShortcut(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): Shortcut | undefined {
  if (event.altKey) return undefined;
  const ctrl = event.ctrlKey || event.metaKey;
  const key = event.key === '=' && !ctrl ? '+' : event.key.toLowerCase();
  return offeredShortcuts().find(
    (s) => s.key === key && (s.ctrl ?? false) === ctrl && (!ctrl || (s.shift ?? false) === event.shiftKey),
  );
}

/** Controls that are activated by the space bar. */
const PRESSED_BY_SPACE =
  'button, summary, input:not([type="range"]), [role="switch"], [role="tab"], [role="button"]';

/** Whether the focused control uses this key itself. `byKey`: the keyboard brought the focus. */
function isTaken({ target, key }: KeyboardEvent, byKey: boolean): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement && !['range', 'checkbox', 'radio'].includes(target.type))
    return true;
  if (target.closest('select, [role="listbox"], [role="menu"], [role="option"]') !== null) return true;
  // A control that was clicked keeps the focus. The space bar must not click it again.
  return key === ' ' && byKey && target.closest(PRESSED_BY_SPACE) !== null;
}

/** Listens on the window, except while a modal dialog is open or a field uses the key. */
export function useShortcuts(session: SessionController): void {
  useEffect(() => {
    // At a key press every focus is visible, so `:focus-visible` does not tell how it came there.
    let lastWasKey = true;
    let focusedByKey = true;
    const point = () => {
      lastWasKey = focusedByKey = false;
    };
    const focus = () => {
      focusedByKey = lastWasKey;
    };
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTaken(event, focusedByKey)) return;
      const { panel, enlarged } = ui();
      const found = findShortcut(event);
      if (found === undefined) return;
      const modal = enlarged !== null || (panel !== null && panel !== 'knobs');
      if (modal && !['1', '2', '3', '4', ' ', '.', 'f', 't', '+', '-'].includes(found.key)) return;
      event.preventDefault();
      found.run(session);
    };
    // Before the focused control: a button is pressed when the space bar goes down and up again.
    let paused = false;
    const down = (event: KeyboardEvent) => {
      if (event.key !== ' ') {
        lastWasKey = true;
        return;
      }
      listen(event);
      paused = event.defaultPrevented;
      if (paused) event.stopPropagation();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key !== ' ' || !paused) return;
      paused = false;
      event.preventDefault();
      event.stopPropagation();
    };
    const others = (event: KeyboardEvent) => {
      if (event.key !== ' ') listen(event);
    };
    const stop = new AbortController();
    const { signal } = stop;
    window.addEventListener('keydown', down, { capture: true, signal });
    window.addEventListener('pointerdown', point, { capture: true, signal });
    window.addEventListener('focusin', focus, { signal });
    window.addEventListener('keyup', up, { capture: true, signal });
    window.addEventListener('keydown', others, { signal });
    return () => stop.abort();
  }, [session]);
}

function toggleCompare(): void {
  const { other, startCompare, endCompare } = useScenario.getState();
  if (other === null) startCompare();
  else endCompare();
  ui().setSide(other === null ? 'other' : 'main');
}

function nextTheme(): void {
  const { theme, setTheme } = ui();
  setTheme(theme === 'auto' ? 'light' : theme === 'light' ? 'dark' : 'auto');
}

function fullScreen(): void {
  const change =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // A browser may refuse full screen, e.g. inside a frame. Then the page stays as it is.
  change.catch(() => undefined);
}
