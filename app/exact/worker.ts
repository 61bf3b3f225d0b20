import { expose } from 'comlink';
import { loadFormulas } from '../../src/scenario/formula/language.ts';
import type { CapturedTick } from './capture.ts';
import { solveByAll, type MethodRow, type Step } from './solve.ts';

/** Progress messages of the worker. */
export type SolveNews = { readonly step: Step } | { readonly row: MethodRow };

const api = {
  /** Blocks this thread until all is solved. To stop it, terminate the worker. */
  async solve(captured: CapturedTick, tell: (news: SolveNews) => Promise<void>): Promise<void> {
    if (captured.rule.formula !== undefined) await loadFormulas();
    const heard: Promise<void>[] = [];
    solveByAll(captured, {
      step: (step) => heard.push(tell({ step })),
      row: (row) => heard.push(tell({ row })),
    });
    // Progress uses a port of its own, so the answer could overtake it.
    await Promise.all(heard);
  },
};

export type SolveApi = typeof api;

expose(api);
