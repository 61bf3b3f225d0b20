// Entry of a thread that helps the scoring kernel. Without TypeScript, so that it starts at once.
import { workerData } from 'node:worker_threads';
import { serveKernel } from '../../score/threads/helper.mjs';

serveKernel(workerData);
