import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import type { Table } from '../../../src/base/table.ts';
import { saveCsv } from '../../charts/view/save.ts';
import { savePng } from './png.ts';

export interface FigureProps {
  readonly title: string;
  readonly caption: string;
  /** The same in words, for who does not see it. */
  readonly label: string;
  readonly table: Table;
  readonly height: number;
  readonly legend?: ReactNode;
  readonly children: (width: number) => ReactNode;
}

/** A chart with its title, its legend, and its figures to take away. The marks get the width in CSS pixels. */
export function Figure({ title, caption, label, table, height, legend, children }: FigureProps) {
  const svg = useRef<SVGSVGElement>(null);
  const [box, width] = useWidth();
  const id = useId();
  return (
    <figure className="plot" aria-labelledby={id}>
      <div className="plot-head">
        <h3 id={id}>{title}</h3>
        <span className="plot-actions">
          <button
            type="button"
            className="link"
            aria-label={`${title}: save as PNG`}
            onClick={() => {
              if (svg.current !== null) void savePng(svg.current, title, table.name);
            }}
          >
            PNG
          </button>
          <button
            type="button"
            className="link"
            aria-label={`${title}: save as CSV`}
            onClick={() => saveCsv(table)}
          >
            CSV
          </button>
        </span>
      </div>
      <p className="plot-caption">{caption}</p>
      {legend}
      <div ref={box} style={{ height }}>
        <svg ref={svg} width={width} height={height} role="img" aria-label={label}>
          {width > 0 && children(width)}
        </svg>
      </div>
    </figure>
  );
}

/** Width of an element, kept up to date. */
function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

interface AxesProps {
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/** Grid lines, ticks and titles of both axes; places in pixels. */
export function Axes({ x, y, left, right, top, bottom, xTitle, yTitle }: AxesProps) {
  return (
    <g className="axes" aria-hidden="true">
      {y.map(({ at, text }) => (
        <g key={`y${at}`}>
          <line x1={left} x2={right} y1={at} y2={at} />
          <text x={left - 6} y={at} dy="0.32em" textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {x.map(({ at, text }) => (
        <text key={`x${at}`} x={at} y={bottom + 15} textAnchor="middle">
          {text}
        </text>
      ))}
      <line x1={left} x2={right} y1={bottom} y2={bottom} />
      {xTitle !== undefined && (
        <text x={right} y={bottom + 30} textAnchor="end">
          {xTitle}
        </text>
      )}
      {yTitle !== undefined && (
        <text x={left} y={top - 8} textAnchor="start">
          {yTitle}
        </text>
      )}
    </g>
  );
}
