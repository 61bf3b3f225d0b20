import { Redis } from 'ioredis';
import { LabError, shown } from '../../base/errors.ts';
import type { Say } from '../cli/command.ts';
import { UsageError } from '../cli/options.ts';
import { engineVersion } from './engine-version.ts';

/** How long the first connection may take, and how long a lost one is tried again. */
const CONNECT_MS = 5000;
const RETRY_MS = 500;
const RETRIES = 60;

/** A Redis that keeps a queue of jobs. */
export interface QueueConnection {
  /** For BullMQ, which opens further connections like it. */
  readonly client: Redis;
  /** Name of the queue: only processes of the same version of the engine share it. */
  readonly queue: string;
  /** The address without its password. */
  readonly address: string;
  /** Aborts when Redis has gone and does not come back. */
  readonly lost: AbortSignal;
}

/**
 * Connects to "redis://HOST:PORT/DB", also with "USER:PASSWORD@" before the host, or "rediss://".
 * @throws UsageError for another address, LabError within seconds if no Redis answers there.
 */
export async function connectQueue(url: string, say: Say): Promise<QueueConnection> {
  const address = readAddress(url);
  const gone = new AbortController();
  let isOpen = false;
  let reported = false;
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // BullMQ asks for it: a command waits until Redis is back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isOpen && times <= RETRIES ? RETRY_MS : null),
  });
  let reason = '';
  client.on('error', (error: NodeJS.ErrnoException) => (reason = error.code ?? error.message));
  const late = new Promise<never>((_, reject) => setTimeout(reject, CONNECT_MS).unref());
  try {
    await Promise.race([client.connect(), late]);
  } catch (error) {
    client.disconnect();
    const why = reason || (error instanceof Error ? error.message : 'no answer');
    throw new LabError(
      `no Redis answers (${why}); start one ("apt-get install redis-server" on Debian), or name another`,
      `--queue ${address}`,
    );
  }
  isOpen = true;
  client.on('reconnecting', (_: number) => {
    if (reported) return;
    reported = true;
    say(`Redis at ${address} does not answer; trying again for ${(RETRIES * RETRY_MS) / 1000} s`);
  });
  client.on('ready', () => (reported = false));
  client.on('end', () =>
    gone.abort(new LabError('Redis has gone and does not come back', `--queue ${address}`)),
  );
  return { client, queue: `halfsecond-${engineVersion()}`, address, lost: gone.signal };
}

/** The address as messages show it: without user and password. @throws UsageError. */
function readAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^rediss?:$/.test(url.protocol) ||
    url.host === '' ||
    !/^(\/\d*)?$/.test(url.pathname)
  )
    throw new UsageError(
      `expected redis://HOST:PORT/DB, such as redis://localhost:6379/0; it is ${shown(text)}`,
      '--queue',
    );
  return `${url.protocol}//${url.host}${url.pathname}`;
}
