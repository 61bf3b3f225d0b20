import { skyColours } from '../sky/palette.ts';

/**
 * Tells the style sheets whether the page is dark, and hands them the hues of the sky, so that
 * legend and sky cannot differ.
 */
export function applyTheme(dark: boolean): void {
  const root = document.documentElement;
  root.dataset['theme'] = dark ? 'dark' : 'light';
  for (const [i, colour] of skyColours(dark).entries()) root.style.setProperty(`--segment-${i}`, colour);
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', getComputedStyle(root).backgroundColor);
}
