import { useEffect, useRef, useState } from 'react';
import type { EngineStatus, Marker } from '../../engine/api.ts';
import { count } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { layMarkers, linePath, spanOf, type PlacedMarker } from './timeline-path.ts';

/** All changes, by the user or by the scenario. Changes of B are shown only in a comparison. */
function allMarkers(status: EngineStatus | null): Marker[] {
  if (useUi.getState().mystery) return [];
  const comparing = useScenario.getState().other !== null;
  const byHand = (status?.markers ?? []).filter((m) => comparing || !m.text.startsWith('B: '));
  return [...byHand, ...useStatus.getState().markers];
}

/**
 * The evening so far: the number of people waiting, and the changes. It updates eight times a
 * second without rendering React.
 */
export function Timeline() {
  const box = useRef<HTMLDivElement>(null);
  const line = useRef<SVGPathElement>(null);
  const other = useRef<SVGPathElement>(null);
  const area = useRef<SVGPathElement>(null);
  const now = useRef<HTMLSpanElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const axis = useRef<HTMLSpanElement>(null);
  const maxLabel = useRef<HTMLSpanElement>(null);
  const [markers, setMarkers] = useState<readonly PlacedMarker[]>([]);
  const key = useRef('');
  const comparing = useScenario((s) => s.other !== null);

  useEffect(() => {
    const draw = (status: EngineStatus | null) => {
      const width = box.current?.clientWidth ?? 0;
      if (width === 0) return;
      const shape = linePath(status?.timeline ?? null, status?.tick ?? 0);
      line.current?.setAttribute('d', shape.line);
      area.current?.setAttribute('d', shape.area);
      other.current?.setAttribute('d', shape.other);
      if (now.current !== null) now.current.style.left = `${shape.now * 100}%`;
      if (clock.current !== null) clock.current.textContent = status?.clock ?? '';
      if (axis.current !== null) axis.current.hidden = shape.max === 0;
      if (maxLabel.current !== null) maxLabel.current.textContent = shape.max > 0 ? count(shape.max) : '';
      const placed = layMarkers(allMarkers(status), spanOf(status), width);
      const nextKey = placed.map((m) => `${m.tick}${m.text}${Math.round(m.x)}${m.shown}`).join('|');
      if (nextKey !== key.current) {
        key.current = nextKey;
        setMarkers(placed);
      }
    };
    draw(useStatus.getState().status);
    const resize = new ResizeObserver(() => draw(useStatus.getState().status));
    if (box.current !== null) resize.observe(box.current);
    const stop = useStatus.subscribe((s, before) => {
      if (s.status !== before.status) draw(s.status);
    });
    return () => {
      stop();
      resize.disconnect();
    };
  }, []);

  return (
    <div className="timeline" id="timeline" ref={box}>
      <svg
        viewBox="0 0 1000 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={
          comparing ? 'People waiting over time under A (solid) and B (dotted)' : 'People waiting over time'
        }
      >
        <path ref={area} className="timeline-area" />
        <path ref={line} className="timeline-line" />
        <path ref={other} className="timeline-line other" />
      </svg>
      <span className="timeline-now" ref={now} />
      <span className="timeline-clock" ref={clock} />
      <span className="timeline-axis" ref={axis} hidden aria-hidden="true">
        <span ref={maxLabel} />
        <span>{comparing ? 'A —, B ⋯' : 'waiting'}</span>
        <span>0</span>
      </span>
      <ul className="timeline-markers" aria-label="What was changed when">
        {markers.map((marker) => (
          <li
            key={`${marker.tick} ${marker.text}`}
            style={{ left: marker.x }}
            data-shown={marker.shown || undefined}
            data-flip={marker.flip || undefined}
            title={`Tick ${count(marker.tick)}: ${marker.text}`}
          >
            <span className="marker-text">{marker.text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
