import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Hit } from '../layout.ts';
import type { Direction } from '../nearest.ts';
import type { Calls } from '../../worker/worker-client.ts';
import { useChartContext } from './ChartsProvider.tsx';
import type { ChartApi } from '../worker/worker.ts';
import type { PlotState } from './use-plot.ts';

const keys: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

export interface Pointing {
  readonly hit: Hit | null;
  readonly pinned: boolean;
  /** Reached by the keyboard, so it is read aloud. */
  readonly byKey: boolean;
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerLeave: () => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onBlur: () => void;
  };
}

/**
 * The mark under the pointer or the keyboard focus, as the worker reports it. One call runs at a
 * time, and only the latest one waits. After each drawing the shown mark is looked up again.
 */
export function usePointing({ slot, drawn }: PlotState, zoom: number): Pointing {
  const { client } = useChartContext();
  const [hit, setHit] = useState<Hit | null>(null);
  const [pinned, setPinned] = useState(false);
  const [byKey, setByKey] = useState(false);
  const busy = useRef(false);
  const next = useRef<(() => void) | null>(null);
  const held = useRef<Hit | null>(null);

  const show = useCallback((found: Hit | null) => {
    held.current = found;
    setHit(found);
    if (found === null) setPinned(false);
  }, []);

  const ask = useCallback(
    (
      question: (api: Calls<ChartApi>, slot: string) => Promise<Hit | null>,
      then: (hit: Hit | null) => void,
    ) => {
      if (client === null) return;
      const run = () => {
        busy.current = true;
        question(client.calls, slot)
          // A failed call shows no mark. The provider reports a dead worker.
          .then(then, () => then(null))
          .finally(() => {
            busy.current = false;
            const waiting = next.current;
            next.current = null;
            waiting?.();
          });
      };
      if (busy.current) next.current = run;
      else run();
    },
    [client, slot],
  );

  useEffect(() => {
    show(null);
  }, [slot, show]);

  useEffect(() => {
    const key = held.current?.key;
    if (drawn !== null && key !== undefined) ask((api, s) => api.find(s, key), show);
  }, [drawn, ask, show]);

  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom] as const;
  };
  return {
    hit,
    pinned,
    byKey,
    handlers: {
      onPointerMove(event) {
        if (pinned || event.pointerType === 'touch') return;
        const [x, y] = at(event);
        setByKey(false);
        ask((api, s) => api.hit(s, x, y), show);
      },
      onPointerDown(event) {
        const [x, y] = at(event);
        const before = pinned ? held.current?.key : undefined;
        setByKey(false);
        ask(
          (api, s) => api.hit(s, x, y),
          (found) => {
            const again = found === null || found.key === before;
            show(again ? null : found);
            setPinned(!again);
          },
        );
      },
      onPointerLeave() {
        next.current = null;
        if (!pinned && !byKey) ask(() => Promise.resolve(null), show);
      },
      onKeyDown(event) {
        const direction = keys[event.key];
        if (direction !== undefined) {
          event.preventDefault();
          setByKey(true);
          ask((api, s) => api.step(s, held.current?.key ?? null, direction), show);
        } else if (event.key === 'Enter') {
          event.preventDefault();
          if (held.current !== null) setPinned(!pinned);
        } else if (event.key === 'Escape' && held.current !== null) {
          event.stopPropagation();
          show(null);
        }
      },
      onBlur() {
        if (byKey && !pinned) show(null);
      },
    },
  };
}
