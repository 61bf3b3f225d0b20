/**
 * Every worker of the page starts here and loads what its name says. One entry makes one bundle, in
 * which the workers share their code.
 */
const parts = {
  charts: () => import('../charts/worker/worker.ts'),
  engine: () => import('../engine/worker.ts'),
  exact: () => import('../exact/worker.ts'),
  experiment: () => import('../experiment/worker/experiment-worker.ts'),
  import: () => import('../import/worker.ts'),
  match: () => import('../engine/matching/match-worker.ts'),
  train: () => import('../train/worker/train-worker.ts'),
} as const;

/** What a worker of the page can be. */
export type WorkerPart = keyof typeof parts;

/** Messages that arrive before the part listens; a browser drops those that nobody hears. */
const early: MessageEvent[] = [];
const keep = (event: MessageEvent) => void early.push(event);

self.addEventListener('message', keep);
parts[self.name as WorkerPart]().then(
  () => {
    self.removeEventListener('message', keep);
    for (const { data, ports } of early)
      self.dispatchEvent(new MessageEvent('message', { data: data as unknown, ports: [...ports] }));
  },
  // The page learns of it as of any other error of the worker.
  (error: unknown) => reportError(error),
);
