import { useCallback, useEffect, useRef, useState } from 'react';
import { useStatus } from '../state/status-store.ts';
import type { WorkerJob } from '../worker/worker-client.ts';
import type { CapturedTick } from './capture.ts';
import { solveTick } from './client.ts';
import type { MethodRow, Step } from './solve.ts';

export interface SolutionState {
  readonly phase: 'capturing' | 'solving' | 'done' | 'cancelled' | 'failed';
  readonly captured: CapturedTick | null;
  readonly rows: readonly MethodRow[];
  readonly step: Step | null;
  /** One line about the failure. */
  readonly error: string;
}

const fresh: SolutionState = { phase: 'capturing', captured: null, rows: [], step: null, error: '' };

/** Captures the engine's last tick and solves it while mounted. `again` takes the newest tick. */
export function useSolution(): SolutionState & { readonly cancel: () => void; readonly again: () => void } {
  const [state, setState] = useState(fresh);
  const current = useRef<Run | null>(null);

  const again = useCallback(() => {
    current.current?.drop();
    setState(fresh);
    current.current = begin((change) => setState(change));
  }, []);

  useEffect(() => {
    again();
    return () => current.current?.drop();
  }, [again]);

  return { ...state, cancel: () => current.current?.cancel(), again };
}

interface Run {
  /** Stops the solver and sets the state to cancelled. */
  cancel(): void;
  /** Stops the solver without a further report. */
  drop(): void;
}

function begin(apply: (change: (now: SolutionState) => SolutionState) => void): Run {
  let live = true;
  let solution: WorkerJob<void> | null = null;
  const change = (next: Partial<SolutionState>) => {
    if (live) apply((now) => ({ ...now, ...next }));
  };
  const drop = () => {
    live = false;
    solution?.cancel();
  };
  const run = async () => {
    const { engine } = useStatus.getState();
    if (engine === null) throw new Error('There is no engine to take a tick from; reload the page.');
    const captured = await engine.captureTick();
    // The worker did not exist yet when the user cancelled, so its answer is ignored.
    if (!live) return;
    change({ phase: 'solving', captured });
    solution = solveTick(captured, {
      step: (step) => change({ step }),
      row: (row) => {
        if (live) apply((now) => ({ ...now, rows: [...now.rows, row] }));
      },
    });
    await solution.done;
    change({ phase: 'done' });
  };
  run().catch((error: unknown) => {
    change({ phase: 'failed', error: error instanceof Error ? error.message : String(error) });
  });
  return {
    cancel() {
      change({ phase: 'cancelled' });
      drop();
    },
    drop,
  };
}
