import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { PersonCard, Side, SkyView } from '../../engine/api.ts';
import type { Engine } from '../../engine/client.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { useDark, useReducedMotion } from '../media.ts';

/**
 * The sky of one market. The engine worker draws it; the page provides the canvas and asks who is
 * under the pointer.
 */
export function Sky({ side, engine, label }: { side: Side; engine: Engine; label: string }) {
  const host = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const reducedMotion = useReducedMotion();
  const colourBy = useUi((s) => s.colourBy);
  const moves = useMoves();
  const look = { dark, reducedMotion, colourBy };
  const current = useRef(look);
  const person = usePerson(engine, side, host);

  useEffect(() => {
    const box = host.current;
    if (box === null) return;
    return lendCanvas(engine, side, box, () => current.current);
  }, [engine, side, moves]);

  useEffect(() => {
    current.current = { dark, reducedMotion, colourBy };
    const box = host.current;
    if (box !== null) quietly(engine.setSkyView(side, viewOf(box, current.current)));
  }, [engine, side, dark, reducedMotion, colourBy]);

  return (
    <div
      className="sky"
      ref={host}
      role="application"
      tabIndex={0}
      aria-label={label}
      aria-roledescription="sky of waiting people"
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        person.ask(event.clientX - box.left, event.clientY - box.top);
      }}
      onPointerLeave={(event) => {
        // A finger leaves after every tap, so the card of the tapped person stays until the next
        // tap.
        if (event.pointerType !== 'touch') person.clear();
      }}
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        person.ask(event.clientX - box.left, event.clientY - box.top);
      }}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        person.pin(event.clientX - box.left, event.clientY - box.top);
      }}
      onKeyDown={person.steer}
      onBlur={person.clear}
    >
      {person.cursor !== null && (
        <span className="sky-cursor" style={{ left: person.cursor.x, top: person.cursor.y }} />
      )}
      {person.card !== null && <Card card={person.card} width={host.current?.clientWidth ?? 0} />}
      <p className="visually-hidden" aria-live="polite">
        {person.card?.lines.join(', ')}
      </p>
    </div>
  );
}

/**
 * Number of changes of the backend. A canvas keeps its first kind of context, so each change needs
 * a new canvas.
 */
function useMoves(): number {
  const backend = useStatus((s) => s.status?.runsOn.backend ?? null);
  const [seen, setSeen] = useState({ backend, moves: 0 });
  if (backend !== null && backend !== seen.backend)
    setSeen({ backend, moves: seen.moves + (seen.backend === null ? 0 : 1) });
  return seen.moves;
}

type Look = Pick<SkyView, 'dark' | 'reducedMotion' | 'colourBy'>;

/**
 * Puts a canvas into `box` and transfers it to the engine. Every mount makes a new canvas, because
 * one can be transferred only once and StrictMode mounts twice. Returns the cleanup.
 */
function lendCanvas(engine: Engine, side: Side, box: HTMLElement, look: () => Look): () => void {
  const canvas = document.createElement('canvas');
  canvas.className = 'sky-canvas';
  canvas.setAttribute('aria-hidden', 'true');
  box.prepend(canvas);
  quietly(engine.attachSky(side, canvas.transferControlToOffscreen(), viewOf(box, look())));
  const resized = () => quietly(engine.setSkyView(side, viewOf(box, look())));
  const observer = new ResizeObserver(resized);
  observer.observe(box);
  const stopDensity = onDensityChange(resized);
  return () => {
    observer.disconnect();
    stopDensity();
    quietly(engine.detachSky(side));
    canvas.remove();
  };
}

/** Calls `changed` when the window moves to a screen with another pixel density, or is zoomed. */
function onDensityChange(changed: () => void): () => void {
  let query: MediaQueryList;
  const listen = () => {
    query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', again, { once: true });
  };
  const again = () => {
    changed();
    listen();
  };
  listen();
  return () => query.removeEventListener('change', again);
}

function viewOf(box: HTMLElement, look: Look): SkyView {
  return {
    width: Math.max(1, box.clientWidth),
    height: Math.max(1, box.clientHeight),
    devicePixelRatio: window.devicePixelRatio,
    ...look,
  };
}

/** Ignores errors of a dead or closed engine: they are reported where it is started. */
function quietly(call: Promise<unknown>): void {
  call.catch((error: unknown) => {
    if (useStatus.getState().phase === 'ready') useStatus.getState().fail(error);
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The person under the pointer, or under the cursor that the arrow keys move. One request runs at a
 * time; the newest position wins.
 */
function usePerson(engine: Engine, side: Side, host: React.RefObject<HTMLDivElement | null>) {
  const [card, setCard] = useState<PersonCard | null>(null);
  const [cursor, setCursor] = useState<Point | null>(null);
  const wanted = useRef<Point | null>(null);
  const asking = useRef(false);

  const ask = (x: number, y: number) => {
    wanted.current = { x, y };
    if (asking.current) return;
    asking.current = true;
    void (async () => {
      try {
        while (wanted.current !== null) {
          const point: Point = wanted.current;
          const found = await engine.pick(side, point.x, point.y);
          if (wanted.current === point) {
            setCard(found);
            wanted.current = null;
          }
        }
      } catch {
        setCard(null);
      } finally {
        asking.current = false;
      }
    })();
  };
  const clear = () => {
    wanted.current = null;
    setCard(null);
    setCursor(null);
  };
  /** Opens the panel of the person at a point. */
  const pin = (x: number, y: number) =>
    void engine.pick(side, x, y).then(
      (found) => {
        const [sky, stage] = [host.current, host.current?.closest('.skies')].map((e) =>
          e?.getBoundingClientRect(),
        );
        if (found === null || sky === undefined || stage === undefined) return;
        const onLeft = sky.x + x < stage.x + stage.width / 2;
        useUi.getState().pin({ side, id: found.id, onLeft });
      },
      () => undefined,
    );
  const steer = (event: KeyboardEvent) => {
    const box = host.current;
    const by = arrows[event.key];
    if (event.key === 'Escape') clear();
    if (event.key === 'Enter' && cursor !== null) pin(cursor.x, cursor.y);
    if (box === null || by === undefined) return;
    event.preventDefault();
    const from = cursor ?? { x: box.clientWidth / 2, y: box.clientHeight / 2 };
    const far = event.shiftKey ? 5 : 1;
    const next = {
      x: Math.min(box.clientWidth, Math.max(0, from.x + by[0] * far)),
      y: Math.min(box.clientHeight, Math.max(0, from.y + by[1] * far)),
    };
    setCursor(next);
    ask(next.x, next.y);
  };
  return { card, cursor, ask, pin, clear, steer };
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-8, 0],
  ArrowRight: [8, 0],
  ArrowUp: [0, -8],
  ArrowDown: [0, 8],
};

function Card({ card, width }: { card: PersonCard; width: number }) {
  const onRight = card.x > width * 0.62;
  return (
    <div
      className="person-card"
      style={{ left: card.x, top: card.y }}
      data-side={onRight ? 'left' : 'right'}
      aria-hidden="true"
    >
      {card.lines.map((line, i) => (
        <p key={i}>{line}</p>
      ))}
    </div>
  );
}
