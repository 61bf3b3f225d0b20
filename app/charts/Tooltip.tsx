import type { Hit } from './layout.ts';

/** One line that says what the tip shows, for reading aloud. */
export function tipText(hit: Hit): string {
  return [hit.tip.head, ...hit.tip.rows.map(([label, value]) => `${label} ${value}`)].join(', ');
}

/** The ring around the mark, and its numbers beside it, inside the plot. */
export function Tooltip({
  hit,
  pinned,
  width,
  height,
}: {
  readonly hit: Hit;
  readonly pinned: boolean;
  readonly width: number;
  readonly height: number;
}) {
  // Beside the mark where there is more room; above or below by the half it is in.
  const toLeft = hit.x > width / 2;
  const above = hit.y > height / 2;
  const gap = Math.min(hit.rx, 40) + 10;
  return (
    <>
      <svg className="chart-layers" aria-hidden="true">
        <rect
          className={`chart-ring${pinned ? ' chart-ring-pinned' : ''}`}
          x={hit.x - hit.rx - 2}
          y={hit.y - hit.ry - 2}
          width={2 * hit.rx + 4}
          height={2 * hit.ry + 4}
          rx={Math.min(4, hit.ry)}
        />
      </svg>
      <div
        className={`chart-tip${pinned ? ' chart-tip-pinned' : ''}`}
        role="tooltip"
        style={{
          ...(toLeft ? { right: width - hit.x + gap } : { left: hit.x + gap }),
          ...(above ? { bottom: height - hit.y - hit.ry } : { top: hit.y - hit.ry }),
          maxWidth: Math.max(140, (toLeft ? hit.x : width - hit.x) - gap),
        }}
      >
        <strong>{hit.tip.head}</strong>
        <dl>
          {hit.tip.rows.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}
