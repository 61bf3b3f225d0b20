import { useLayoutEffect, useRef } from 'react';
import type { Hit } from '../layout.ts';

/** The tip as one line, for a screen reader. */
export function tipText(hit: Hit): string {
  return [hit.tip.head, ...hit.tip.rows.map(([label, value]) => `${label} ${value}`)].join(', ');
}

/** A ring around the mark, and its numbers beside it, inside the plot. */
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
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = tip.current;
    if (node === null) return;
    // The tip is beside the mark, so that it covers no neighbour in the row.
    const gap = Math.min(hit.rx, width / 4) + 10;
    const [w, h] = [node.offsetWidth, node.offsetHeight];
    const left = hit.x + gap + w <= width ? hit.x + gap : hit.x - gap - w;
    node.style.left = `${Math.max(0, Math.min(width - w, left))}px`;
    node.style.top = `${Math.max(0, Math.min(height - h, hit.y - h / 2))}px`;
  });
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
      <div className={`chart-tip${pinned ? ' chart-tip-pinned' : ''}`} ref={tip} role="tooltip">
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
