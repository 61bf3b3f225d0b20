import { memo } from 'react';
import { Stream, uniform } from '../../../src/base/hash.ts';
import { countries } from '../../../src/scenario/countries.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { anchorOf, jitter } from '../../sky/layout.ts';

const WIDTH = 72;
const HEIGHT = 44;

/**
 * A small sky made from the scenario: more dots for more arrivals, spread over the countries by
 * weight. Women are larger and brighter than men; newcomers are hollow.
 */
export const PresetPicture = memo(function PresetPicture({ scenario }: { scenario: Scenario }) {
  const { population } = scenario;
  const weights = countries.map(({ code }) => population.countries[code] ?? 0);
  const total = weights.reduce((a, b) => a + b, 0);
  const dots = Math.round(Math.min(120, 10 * (population.arrivalsPerMinute / 100) ** 0.45));
  return (
    <svg
      className="preset-picture"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
      focusable="false"
    >
      {total > 0 &&
        Array.from({ length: dots }, (_, i) => {
          const country = pickFrom(weights, total * uniform(1, Stream.world, i, 0));
          const [ax, ay] = anchorOf(country);
          const [jx, jy] = jitter(i);
          const x = WIDTH * (0.5 + 0.44 * (ax + 0.13 * jx) * 0.95);
          const y = HEIGHT * (0.5 - 0.44 * (ay - 0.1 + 0.13 * jy));
          const fresh = uniform(1, Stream.world, i, 1) < population.newcomers;
          const woman = uniform(1, Stream.world, i, 2) < population.women;
          const colour = `var(--segment-${country})`;
          return (
            <circle
              key={i}
              cx={x}
              cy={y}
              r={woman ? 1.6 : 0.95}
              opacity={woman ? 1 : 0.62}
              fill={fresh ? 'none' : colour}
              stroke={fresh ? colour : 'none'}
              strokeWidth="0.6"
            />
          );
        })}
    </svg>
  );
});

function pickFrom(weights: readonly number[], at: number): number {
  let rest = at;
  for (const [i, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}
