import { followEvents } from '../../src/experiment/log/event-log.ts';
import { openLog, type LogFormat, type LogOrigin } from '../../src/experiment/log/log-file.ts';
import { createMarket } from '../../src/sim/market.ts';
import type { Side } from './api.ts';
import type { MarketsOptions } from './markets.ts';

interface Export {
  readonly format: LogFormat;
  readonly origin: LogOrigin;
  readonly told: (share: number) => void;
}

/** Number of ticks between two reports of progress. */
const TOLD_EVERY = 20;

/**
 * Repeats an evening up to a tick and writes its events into a file. Nothing is recorded while an
 * evening runs, so that it costs nothing, and the log may be of any length: the browser keeps the
 * pieces outside of the memory of this thread.
 */
export async function exportLog(
  evening: MarketsOptions,
  side: Side,
  ticks: number,
  { format, origin, told }: Export,
) {
  const { scenario, other, cast, backend, towers, families } = evening;
  const market = createMarket({
    ...{ scenario, backend, towers, families, wantSessions: true },
    ...(cast && { cast }),
    ...(side === 'other' && other !== null ? { policy: other, side: 'b' as const } : {}),
  });
  const pieces: Blob[] = [];
  const log = await openLog(format, origin, (bytes) => void pieces.push(new Blob([bytes as BlobPart])));
  followEvents(market, (row) => log.add(row));
  while (market.tickNumber < ticks) {
    await market.tick();
    await log.drain();
    if (market.tickNumber % TOLD_EVERY === 0) told(market.tickNumber / ticks);
    // The evening continues while the log is written.
    await new Promise((resolve) => setTimeout(resolve));
  }
  const digest = market.digest.hex();
  await log.finish({ backend: backend.kind, tick: String(ticks), digest });
  return { file: new Blob(pieces), tick: ticks, digest };
}
