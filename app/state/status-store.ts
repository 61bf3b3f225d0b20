import { create } from 'zustand';
import type { EngineInfo, EngineStatus, Marker } from '../engine/api.ts';
import type { Engine } from '../engine/client.ts';

/**
 * 'starting': world and device are being built; 'ready': ticks run or could; 'failed': see `error`;
 * 'dead': the worker is gone.
 */
export type Phase = 'starting' | 'ready' | 'failed' | 'dead';

export interface Notice {
  readonly id: string;
  readonly text: string;
}

interface StatusState {
  readonly phase: Phase;
  readonly engine: Engine | null;
  readonly info: EngineInfo | null;
  readonly status: EngineStatus | null;
  /**
   * What the scenario itself brought about; what a person changed comes with the engine's status.
   */
  readonly markers: readonly Marker[];
  /** What the person asked for; the buttons show it at once, the engine follows. */
  readonly playing: boolean;
  readonly speed: number;
  /** The first error since the last good start: later ones are mostly its consequences. */
  readonly error: string | null;
  /** Notices of the page itself; those of the engine come with its status. */
  readonly notices: readonly Notice[];
  readonly dismissed: ReadonlySet<string>;
  readonly fail: (error: unknown, phase?: 'failed' | 'dead') => void;
  readonly notify: (id: string, text: string) => void;
  readonly dismiss: (id: string) => void;
}

/**
 * What the engine last said of itself. Small summaries only: nothing here has one entry per person.
 */
export const useStatus = create<StatusState>((set, get) => ({
  phase: 'starting',
  engine: null,
  info: null,
  status: null,
  markers: [],
  playing: true,
  speed: 1,
  error: null,
  notices: [],
  dismissed: new Set(),
  fail(error, phase) {
    const text = error instanceof Error ? error.message : String(error);
    set({ error: get().error ?? text, ...(phase === undefined ? {} : { phase }) });
  },
  notify(id, text) {
    set({
      notices: [...get().notices.filter((n) => n.id !== id), { id, text }],
      dismissed: new Set([...get().dismissed].filter((d) => d !== id)),
    });
  },
  dismiss(id) {
    set({
      notices: get().notices.filter((n) => n.id !== id),
      dismissed: new Set([...get().dismissed, id]),
    });
  },
}));
