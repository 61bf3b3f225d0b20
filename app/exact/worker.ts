import { expose } from 'comlink';
import type { CapturedTick } from './capture.ts';
import { solveByAll, type MethodRow, type Step } from './solve.ts';

/** What the worker says on its way. */
export type SolveNews = { readonly step: Step } | { readonly row: MethodRow };

const api = {
  /** Blocks this thread until all is solved; who wants it to stop ends the worker. */
  solve(captured: CapturedTick, tell: (news: SolveNews) => void): void {
    solveByAll(captured, { step: (step) => tell({ step }), row: (row) => tell({ row }) });
  },
};

export type SolveApi = typeof api;

expose(api);
