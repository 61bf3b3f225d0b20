import { segmentColors, segmentDashes, segmentShapes, shapePaths } from '../../charts/palette.ts';
import { useDark } from '../../ui/media.ts';

/** How a series looks: never by colour alone. */
export interface Look {
  readonly color: string;
  readonly dash: string;
  readonly path: string;
}

/** The look of the k-th series. */
export function useLooks(): (k: number) => Look {
  const dark = useDark();
  const colors = segmentColors(dark);
  return (k) => {
    // When the colours begin anew, the shapes are others.
    const shift = k + 3 * Math.floor(k / colors.length);
    return {
      color: colors[k % colors.length],
      dash: segmentDashes[shift % segmentDashes.length].join(' '),
      path: shapePaths[segmentShapes[shift % segmentShapes.length]],
    };
  };
}

export function Mark({
  look,
  x,
  y,
  size = 4.5,
}: {
  readonly look: Look;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
}) {
  return (
    <path
      d={look.path}
      transform={`translate(${x} ${y}) scale(${size})`}
      fill={look.color}
      fillRule="evenodd"
    />
  );
}

/** Names of the series beside their marks. */
export function SeriesLegend({
  names,
  looks,
  lines = false,
}: {
  readonly names: readonly string[];
  /** Which look each has; by default in their order. */
  readonly looks?: readonly number[];
  readonly lines?: boolean;
}) {
  const all = useLooks();
  const look = (k: number) => all(looks?.[k] ?? k);
  return (
    <ul className="series-legend">
      {names.map((name, k) => (
        <li key={name}>
          <svg width={lines ? 26 : 12} height="12" aria-hidden="true">
            {lines && (
              <line
                x1="0"
                x2="26"
                y1="6"
                y2="6"
                stroke={look(k).color}
                strokeWidth="1.8"
                strokeDasharray={look(k).dash}
              />
            )}
            <Mark look={look(k)} x={lines ? 13 : 6} y={6} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
