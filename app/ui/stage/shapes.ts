import type { segmentShapes } from '../../sky/palette.ts';

type Shape = (typeof segmentShapes)[number];

/** Outlines around (0, 0) within 10 units, the same as in the sky. */
const outlines: Readonly<Record<Shape, string>> = {
  circle: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z',
  triangle: 'M0-4.8 4.6 3.4H-4.6Z',
  square: 'M-3.6-3.6h7.2v7.2h-7.2Z',
  diamond: 'M0-5 4 0 0 5-4 0Z',
  cross: 'M-1.4-4.6h2.8v3.2h3.2v2.8h-3.2v3.2h-2.8v-3.2h-3.2v-2.8h3.2Z',
  'triangle-down': 'M0 4.8-4.6-3.4H4.6Z',
  star: star(5, 5.2, 2.3),
  ring: 'M-3.8 0a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0Z',
};

/** SVG path of a segment's shape. A 'ring' is stroked; the others are filled. */
export function shapePath(shape: Shape): string {
  return outlines[shape];
}

function star(points: number, outer: number, inner: number): string {
  const corners = Array.from({ length: 2 * points }, (_, i) => {
    const radius = i % 2 === 0 ? outer : inner;
    const turn = (Math.PI * i) / points;
    return `${(radius * Math.sin(turn)).toFixed(2)} ${(-radius * Math.cos(turn)).toFixed(2)}`;
  });
  return `M${corners.join('L')}Z`;
}
