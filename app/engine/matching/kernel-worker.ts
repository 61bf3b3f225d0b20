import { serveKernel, type HelperData } from '../../../src/score/threads/helper.mjs';

/** A thread that helps the scoring kernel of a matching worker. */
addEventListener('message', ({ data }: MessageEvent<HelperData>) => serveKernel(data), { once: true });
