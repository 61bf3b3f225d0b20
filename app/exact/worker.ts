import { expose } from 'comlink';
import type { CapturedTick } from './capture.ts';
import { solveByAll, type MethodRow, type Step } from './solve.ts';

/** What the worker says on its way. */
export type SolveNews = { readonly step: Step } | { readonly row: MethodRow };

const api = {
  /** Blocks this thread until all is solved; who wants it to stop ends the worker. */
  async solve(captured: CapturedTick, tell: (news: SolveNews) => Promise<void>): Promise<void> {
    const heard: Promise<void>[] = [];
    solveByAll(captured, {
      step: (step) => heard.push(tell({ step })),
      row: (row) => heard.push(tell({ row })),
    });
    // News travels on another port than the answer, which could overtake it.
    await Promise.all(heard);
  },
};

export type SolveApi = typeof api;

expose(api);
