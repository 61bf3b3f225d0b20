import { skyColours } from '../sky/palette.ts';

/**
 * Passes the theme and the colours of the sky to the style sheets, so that legend and sky agree.
 */
export function applyTheme(dark: boolean): void {
  const root = document.documentElement;
  root.dataset['theme'] = dark ? 'dark' : 'light';
  for (const [i, colour] of skyColours(dark).entries()) root.style.setProperty(`--segment-${i}`, colour);
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', getComputedStyle(root).backgroundColor);
}
