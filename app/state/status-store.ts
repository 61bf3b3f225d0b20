import { create } from 'zustand';
import type { EngineInfo, EngineStatus, Marker } from '../engine/api.ts';
import type { Engine } from '../engine/client.ts';

/**
 * 'starting': the engine builds the world and the device. 'ready': ticks can run. 'failed': see
 * `error`. 'dead': the worker has ended.
 */
export type Phase = 'starting' | 'ready' | 'failed' | 'dead';

export interface Notice {
  readonly id: string;
  readonly text: string;
  /** A button beside the text. */
  readonly action?: { readonly text: string; readonly run: () => void };
}

interface StatusState {
  readonly phase: Phase;
  readonly engine: Engine | null;
  readonly info: EngineInfo | null;
  readonly status: EngineStatus | null;
  /** Changes by the scenario itself. Changes by the user are in the engine's status. */
  readonly markers: readonly Marker[];
  /** What the user asked for. The buttons show it at once, before the engine follows. */
  readonly playing: boolean;
  readonly speed: number;
  /** The first error since the last successful start. Later errors are mostly consequences. */
  readonly error: string | null;
  /** Notices of the page itself. Those of the engine are in its status. */
  readonly notices: readonly Notice[];
  readonly dismissed: ReadonlySet<string>;
  readonly fail: (error: unknown, phase?: 'failed' | 'dead') => void;
  readonly notify: (id: string, text: string, action?: Notice['action']) => void;
  readonly dismiss: (id: string) => void;
}

/** The last status of the engine. It holds small summaries, never one entry per person. */
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
  notify(id, text, action) {
    const notice = { id, text, ...(action && { action }) };
    set({
      notices: [...get().notices.filter((n) => n.id !== id), notice],
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
