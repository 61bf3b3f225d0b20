import type { EveningResult } from '../../../src/experiment/run/rows.ts';
import { parseExperiment } from '../../../src/experiment/run/spec.ts';
import { outcomeNames } from '../../../src/experiment/run/names.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { Cancelled } from '../../worker/worker-client.ts';
import { workerPool } from '../worker/pool.ts';
import { inputOf } from './spec.ts';
import { policyB, useExperiment } from './store.ts';

const get = useExperiment.getState;
const set = useExperiment.setState;

/** Ends the run in progress. */
let stop: (() => void) | null = null;

/** Lives through the evenings of the experiment as it is set, and shows each as it comes in. */
export async function startEvenings(open = workerPool): Promise<void> {
  const { task, settings, designs, b } = get();
  if (task !== null) return;
  const page = useScenario.getState();
  const pool = open();
  const abort = new AbortController();
  const began = performance.now();
  let results: readonly EveningResult[] = [];
  stop = () => {
    abort.abort(new Cancelled());
    void pool.close();
  };
  try {
    const input = inputOf(page.scenario, policyB(b, page), settings, outcomeNames);
    const spec = parseExperiment(input);
    const of = settings.evenings;
    const jobs = Array.from({ length: of }, (_, k) => ({
      kind: 'evening' as const,
      ...{ spec, seed: spec.seed + k, designs: ['paired' as const, ...designs] },
    }));
    set({ problem: null, said: '', run: { input, designs, evenings: of, results }, task: taskOf(0, of, 0) });
    const running = pool.run<EveningResult>(jobs, {
      signal: abort.signal,
      onResult(result) {
        // In the order of the seeds, whatever comes in first: the figures then do not depend on it.
        results = [...results, result].sort((x, y) => x.seed - y.seed);
        set({
          run: { input, designs, evenings: of, results },
          task: taskOf(results.length, of, performance.now() - began),
        });
      },
    });
    for await (const _ of running);
    set({ said: `${of} evenings in ${((performance.now() - began) / 1000).toFixed(1)} s.` });
  } catch (error) {
    if (error instanceof Cancelled)
      set({ said: `Cancelled after ${results.length} of ${settings.evenings} evenings.` });
    else set({ problem: error instanceof Error ? error.message : String(error) });
  } finally {
    stop = null;
    void pool.close();
    set({ task: null });
  }
}

/** Ends the evenings that are being lived through; those that came in stay. */
export function cancelEvenings(): void {
  stop?.();
}

function taskOf(done: number, of: number, ms: number) {
  const text = done === 0 ? 'The first evening' : `Evening ${Math.min(of, done + 1)} of ${of}`;
  return { text, done, of, left: done === 0 ? null : ((ms / done) * (of - done)) / 1000 };
}
