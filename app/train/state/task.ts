import { TrainingClient } from '../worker/client.ts';
import { Cancelled } from '../../worker/worker-client.ts';
import type { Evenings } from '../settings.ts';
import type { RunningJob } from '../worker/job.ts';
import type { FitOrder, News } from '../worker/protocol.ts';
import { useTrain, type RunningTask } from './store.ts';
import { TimeLeft } from './time-left.ts';

/** The task of the room: one at a time. Begins, reports, holds and cancels it. */

const set = useTrain.setState;
const get = useTrain.getState;

let client: TrainingClient | null = null;
let current: RunningJob<unknown> | null = null;
/** The evenings of the client's log, as a key. */
let recorded = '';
let clock: TimeLeft | null = null;

export const trainer = (): TrainingClient => (client ??= new TrainingClient());

export function begin(kind: RunningTask['kind'], text: string): void {
  clock = new TimeLeft();
  client?.go();
  const task = { kind, text, share: null, left: null, held: false, still: false };
  set({ task, problem: null, said: '' });
}

export function progress(text: string, share: number | null): void {
  const { task } = get();
  if (task === null) return;
  // A new text is a new part of the task, except for the step in it.
  if (text.split(',')[0] !== task.text.split(',')[0]) clock = new TimeLeft();
  const left = share === null ? null : (clock?.at(share) ?? null);
  set({ task: { ...task, text, share, left } });
}

export function hear(news: News): void {
  switch (news.kind) {
    case 'share':
      progress(news.what, news.share);
      return;
    case 'place':
      set({ place: news.place });
      return;
    case 'steps': {
      const { phase, step, steps, losses } = news;
      const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
      set({ live: [...get().live, { phase, step, loss: mean }] });
      progress(`${stepsText(get().order, phase)} ${step} of ${steps}`, step / steps);
      return;
    }
    case 'report':
      set({ points: [...get().points, news.point] });
  }
}

function stepsText(order: FitOrder | null, phase: 1 | 2): string {
  if (order?.kind === 'factors') return 'Both directions of every chat, epoch';
  if (order?.kind === 'towers') return 'Two towers, step';
  if (phase === 2) return 'Phase 2 of 2: heads on stored vectors, step';
  return `Phase 1${order?.config.twoPhase === false ? '' : ' of 2'}: embedders and heads, step`;
}

/** Runs a job as part of the task. Returns undefined after a cancel, or a failure (it is shown). */
export async function run<T>(job: RunningJob<T>): Promise<T | undefined> {
  current = job;
  try {
    return await job.done;
  } catch (error) {
    if (!(error instanceof Cancelled))
      set({ problem: error instanceof Error ? error.message : String(error) });
    return undefined;
  } finally {
    current = null;
  }
}

/** Simulates the evenings, unless the log has them. Drops what was judged on other evenings. */
export async function recordEvenings(evenings: Evenings): Promise<boolean> {
  const key = JSON.stringify([evenings.count, evenings.ticks, evenings.seed]);
  if (key !== recorded || !trainer().hasLog) {
    progress('Simulating evenings', 0);
    const job = trainer().record(evenings, hear);
    const done = await run({ ...job, done: job.done.then(() => true) });
    if (done !== true) return false;
    recorded = key;
    set({ study: null, facts: null, cost: null });
  }
  set({ facts: await trainer().facts(evenings) });
  return true;
}

export function finish(): void {
  set({ task: null });
}

export function holdTraining(): void {
  const { task } = get();
  if (task === null || task.held) return;
  clock?.hold();
  set({ task: { ...task, held: true } });
  void trainer()
    .hold()
    .then(() => {
      const now = get().task;
      if (now?.held === true) set({ task: { ...now, still: true } });
    });
}

export function goOn(): void {
  const { task } = get();
  if (task === null) return;
  trainer().go();
  clock?.go();
  set({ task: { ...task, held: false, still: false } });
}

const kindText = {
  training: 'Training',
  judging: 'Judging',
  latency: 'Measuring',
  market: 'Running the evenings',
  cost: 'Measuring',
} as const;

/** Cancels the task, and says how long that took. */
export async function cancelTask(): Promise<void> {
  const { task } = get();
  if (task === null || current === null) return;
  const what = kindText[task.kind];
  const at = get().live.at(-1);
  const report = await current.cancel();
  const where =
    task.kind === 'training' && at !== undefined ? ` at step ${at.step} of phase ${at.phase}` : '';
  set({
    said: `${what} was cancelled${where}, ${report.how}. All computation stopped after ${Math.round(report.ms)} ms.`,
  });
}
