import { startWorker } from '../worker/start-worker.ts';

/** The engine worker that was started before the page; null: none, or it has failed. */
let early: Worker | null = null;

/** Starts the engine worker before the rest of the page has loaded. */
export function startEarly(): void {
  early = startWorker('engine');
  // The worker that takes its place says so.
  early.addEventListener('error', () => (early = null), { once: true });
}

/** An engine worker, for the caller to end. */
export function takeEngineWorker(): Worker {
  const worker = early ?? startWorker('engine');
  early = null;
  return worker;
}
