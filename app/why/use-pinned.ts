import { useEffect, useRef, useState } from 'react';
import type { Explained } from '../engine/api.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';

export interface PinnedState {
  /** The last tick in which the person waited; null: not known yet. */
  readonly why: Explained['why'] | null;
  readonly place: Explained['place'];
  /** asking: nothing has arrived; away: the person does not wait now; gone: they left for good. */
  readonly now: 'asking' | 'waits' | 'away' | 'gone';
}

const nothing: PinnedState = { why: null, place: null, now: 'asking' };

/** Follows the pinned person from tick to tick; one question at a time. */
export function usePinned(): PinnedState {
  const pinned = useUi((s) => s.pinned);
  const engine = useStatus((s) => s.engine);
  const tick = useStatus((s) => s.status?.tick ?? 0);
  const [known, setKnown] = useState<{ of: typeof pinned; state: PinnedState }>({ of: null, state: nothing });
  const asking = useRef(false);
  useEffect(() => {
    if (engine === null || pinned === null || asking.current) return;
    asking.current = true;
    engine.why(pinned.side, pinned.id).then(
      (found) => {
        asking.current = false;
        setKnown((before) => {
          const last = before.of === pinned ? before.state : nothing;
          return { of: pinned, state: follow(last, found) };
        });
      },
      () => (asking.current = false),
    );
  }, [engine, pinned, tick]);
  return known.of === pinned ? known.state : nothing;
}

/** The last tick in which the person waited stays on the screen. */
function follow(last: PinnedState, found: Explained | null): PinnedState {
  if (last.now === 'gone' || found === null)
    return { ...last, place: null, now: last.now === 'gone' ? 'gone' : 'away' };
  if (last.why !== null && last.why.generation !== found.why.generation)
    return { ...last, place: null, now: 'gone' };
  return { ...found, now: 'waits' };
}
