import type { Theme } from './layout.ts';
import { tones } from './palette.ts';

const fallback = {
  light: {
    bg: '#f7f6f3',
    fg: '#1c1f26',
    muted: '#6c717c',
    rule: '#dcd9d2',
    accent: '#b8620a',
    surface: '#ffffff',
  },
  dark: {
    bg: '#0b0d13',
    fg: '#e8eaf0',
    muted: '#8b90a0',
    rule: '#232734',
    accent: '#ffb454',
    surface: '#151822',
  },
} as const;
type Name = keyof (typeof fallback)['light'];
const names = Object.keys(fallback.light) as Name[];

/** The built-in colours, for a picture in the other mode and for a page without its own. */
export function plainTheme(dark: boolean, family: string): Theme {
  return { dark, family, ...fallback[dark ? 'dark' : 'light'], ...tones(dark) };
}

/**
 * The page's colours (root's --bg, --fg, --muted, --rule, --accent, --surface) as
 * #rrggbb. The theme is dark if its background is dark.
 */
export function readTheme(): Theme {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const otherwise = fallback[prefersDark ? 'dark' : 'light'];
  const probe = document.createElement('span');
  probe.style.display = 'none';
  document.body.append(probe);
  const colors = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name}, ${otherwise[name]})`;
      return [name, hexOf(getComputedStyle(probe).color, otherwise[name])];
    }),
  ) as Record<Name, string>;
  probe.remove();
  const dark = luminance(colors.bg) < 0.25;
  return { dark, family: getComputedStyle(document.body).fontFamily, ...colors, ...tones(dark) };
}

let pixel: OffscreenCanvasRenderingContext2D | null = null;

/** Any CSS colour as #rrggbb, read from a pixel; `otherwise` if it is invalid or translucent. */
export function hexOf(color: string, otherwise: string): string {
  pixel ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (pixel === null) return otherwise;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
  if (a < 255) return otherwise;
  return `#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance of #rrggbb, 0 to 1 (WCAG 2). */
export function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Calls back when the colours may have changed: a setting, or attributes of root or body. */
export function watchTheme(changed: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  const options = { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] };
  observer.observe(document.documentElement, options);
  observer.observe(document.body, options);
  return () => {
    query.removeEventListener('change', changed);
    observer.disconnect();
  };
}
