import { SEGMENTS, segmentShapes, skyColours } from '../sky/palette.ts';

/**
 * Colours, shapes and dashes of charts, sky and legends. Colour alone carries no meaning: a segment
 * has a hue, a shape and a dash, and the lightness of a ramp is monotone.
 */

/** Eight hues for eight segments (countries in their order), the same as in the sky. */
export function segmentColors(dark: boolean): readonly string[] {
  return skyColours(dark).slice(0, SEGMENTS);
}

export { segmentShapes };
export type Shape = (typeof segmentShapes)[number];

/** SVG path data of each shape, centred on 0,0 in a box of 2 x 2. All look about equally heavy. */
export const shapePaths: Readonly<Record<Shape, string>> = {
  circle: 'M.8,0A.8,.8,0,1,1,-.8,0A.8,.8,0,1,1,.8,0Z',
  square: 'M-.72,-.72H.72V.72H-.72Z',
  triangle: 'M0,-.98L.92,.66H-.92Z',
  diamond: 'M0,-1L.86,0L0,1L-.86,0Z',
  cross: 'M-.32,-.92H.32V-.32H.92V.32H.32V.92H-.32V.32H-.92V-.32H-.32Z',
  ring: 'M.86,0A.86,.86,0,1,1,-.86,0A.86,.86,0,1,1,.86,0ZM.44,0A.44,.44,0,1,0,-.44,0A.44,.44,0,1,0,.44,0Z',
  'triangle-down': 'M0,.98L.92,-.66H-.92Z',
  star: 'M0,-1L.26,-.35L.95,-.31L.42,.13L.59,.81L0,.44L-.59,.81L-.42,.13L-.95,-.31L-.26,-.35Z',
};

/** Line dashes of the segments, in CSS pixels; [] is a solid line. */
export const segmentDashes: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 2.5],
  [9, 3, 2, 3],
  [4, 2],
  [12, 4],
  [1, 3],
  [6, 2, 1, 2, 1, 2],
];

/** Colours with a meaning: a gain, a loss, a reversed slice, and plain data. */
export interface Tones {
  readonly gain: string;
  readonly loss: string;
  readonly reversed: string;
  readonly data: string;
}

export function tones(dark: boolean): Tones {
  return dark
    ? { gain: '#43c59e', loss: '#ff6f5c', reversed: '#ffb04a', data: '#62b0ff' }
    : { gain: '#00795a', loss: '#c5301f', reversed: '#a85d00', data: '#0072b2' };
}

type Oklch = readonly [lightness: number, chroma: number, hueDegrees: number];

const rampDark: readonly Oklch[] = [
  [0.235, 0.028, -75],
  [0.36, 0.07, -40],
  [0.52, 0.115, 5],
  [0.7, 0.135, 42],
  [0.87, 0.13, 80],
];
const rampLight: readonly Oklch[] = [
  [0.945, 0.035, 88],
  [0.85, 0.1, 80],
  [0.68, 0.14, 62],
  [0.47, 0.125, 44],
  [0.28, 0.08, 28],
];

/** Perceptual ramp: t in [0, 1] (clamped) to a colour. A larger t contrasts more; NaN is 0. */
export function ramp(dark: boolean, t: number): string {
  const stops = dark ? rampDark : rampLight;
  const at = Math.min(1, Math.max(0, Number.isFinite(t) ? t : 0)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const f = at - i;
  const mix = (k: 0 | 1 | 2) => stops[i][k] + (stops[i + 1][k] - stops[i][k]) * f;
  return oklchToHex([mix(0), mix(1), mix(2)]);
}

/** OKLCH to #rrggbb, clipped to sRGB (Ottosson, "A perceptual color space", 2020). */
export function oklchToHex([lightness, chroma, hue]: Oklch): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const hex = linear.map((x) => {
    const gamma = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, gamma)) * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${hex.join('')}`;
}
