import { describe, expect, test } from 'vitest';
import {
  oklchToHex,
  ramp,
  segmentColors,
  segmentDashes,
  segmentShapes,
  shapePaths,
  tones,
} from './palette.ts';
import { luminance, plainTheme } from './theme.ts';

const modes = [false, true] as const;

function linear(hex: string): number[] {
  return [1, 3, 5].map((i) => {
    const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
}

/** Linear sRGB to OKLab (Ottosson 2020). */
function oklab([r, g, b]: number[]): number[] {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Full dichromacy in linear sRGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const blindness = {
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
} as const;

function seen(hex: string, matrix: readonly number[]): number[] {
  const rgb = linear(hex);
  const out = [0, 1, 2].map((i) => rgb.reduce((sum, v, j) => sum + matrix[3 * i + j] * v, 0));
  return oklab(out.map((v) => Math.min(1, Math.max(0, v))));
}

function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

describe.each(modes)('dark %s', (dark) => {
  test('eight segment hues stand out from the background by 3 : 1 (WCAG 1.4.11)', () => {
    const colors = segmentColors(dark);
    expect(colors).toHaveLength(8);
    for (const color of colors) expect(contrast(color, plainTheme(dark, '').bg)).toBeGreaterThan(3);
  });

  test('text and meaning colours are readable', () => {
    const { bg, fg, muted } = plainTheme(dark, '');
    const { gain, loss, reversed } = tones(dark);
    for (const color of [fg, muted, gain, loss, reversed]) expect(contrast(color, bg)).toBeGreaterThan(4.5);
  });

  test('gain, loss and reversed stay apart for the colour-blind', () => {
    const { gain, loss, reversed } = tones(dark);
    for (const matrix of Object.values(blindness))
      for (const [a, b] of [
        [gain, loss],
        [gain, reversed],
      ]) {
        const [p, q] = [seen(a, matrix), seen(b, matrix)];
        expect(Math.hypot(...p.map((v, i) => v - q[i]))).toBeGreaterThan(0.05);
      }
  });

  test('the ramp changes its lightness in one direction only, in steps of similar size', () => {
    const lightness = Array.from({ length: 21 }, (_, i) => oklab(linear(ramp(dark, i / 20)))[0]);
    const steps = lightness.slice(1).map((l, i) => (l - lightness[i]) * (dark ? 1 : -1));
    expect(Math.min(...steps)).toBeGreaterThan(0.008);
    expect(Math.max(...steps)).toBeLessThan(0.065);
  });

  test('the ramp is clamped, and NaN is its start', () => {
    expect(ramp(dark, -3)).toBe(ramp(dark, 0));
    expect(ramp(dark, 7)).toBe(ramp(dark, 1));
    expect(ramp(dark, NaN)).toBe(ramp(dark, 0));
  });
});

test('no two segments share shape or dash', () => {
  expect(new Set(segmentShapes.map((s) => shapePaths[s])).size).toBe(8);
  expect(new Set(segmentDashes.map((d) => d.join())).size).toBe(8);
});

test('OKLCH of white, black and sRGB red', () => {
  expect(oklchToHex([1, 0, 0])).toBe('#ffffff');
  expect(oklchToHex([0, 0, 0])).toBe('#000000');
  expect(oklchToHex([0.627955, 0.257683, 29.2339])).toBe('#ff0000');
});
