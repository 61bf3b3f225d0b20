import { proxy, releaseProxy, transfer, wrap } from 'comlink';

/** The worker ended by itself, or could not be loaded. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/** A call was not answered within its time limit. The worker may still be alive. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
}

/** The user cancelled the work. This is not a failure. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled.');
  }
}

/** The functions that a worker exposes, as the page calls them: each returns a promise. */
export type Calls<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

export interface WorkerClientOptions<Api> {
  /** How error messages name the worker, e.g. "The engine". */
  readonly name: string;
  readonly start: () => Worker;
  /** Max duration of a call, milliseconds. Default: no limit. */
  readonly timeout?: number;
  /** Max duration of single calls, milliseconds, where it differs from `timeout`. */
  readonly timeouts?: Partial<Record<keyof Api, number>>;
  /**
   * Min limit until the first answer, milliseconds: the worker has to load first. Default: 60 s.
   */
  readonly startupTimeout?: number;
  /**
   * A call that a live worker answers at once. After a timeout it tells whether the worker is dead.
   */
  readonly ping?: keyof Api & string;
  /** Called once when the worker dies by itself. All pending calls have been rejected by then. */
  readonly onDeath?: (reason: string) => void;
}

/** Clients whose worker runs. A comlink proxy that is collected during a call never answers it. */
const live = new Set<object>();

/**
 * Owns a worker that exposes `Api` through comlink. A call rejects with {@link WorkerDied} when the
 * worker dies, with {@link CallTimeout} when its time is up, and with the reason given to
 * `dispose`.
 */
export class WorkerClient<Api> {
  /**
   * The worker's functions. Canvases and message ports among the arguments are transferred,
   * functions become comlink proxies that fall silent after `dispose`, and everything else is
   * copied unless wrapped by comlink's `transfer`.
   */
  readonly calls: Calls<Api>;
  readonly #options: WorkerClientOptions<Api>;
  readonly #worker: Worker;
  readonly #remote;
  readonly #pending = new Set<(error: Error) => void>();
  #closed: Error | null = null;
  #answered = false;
  #pinging = false;

  constructor(options: WorkerClientOptions<Api>) {
    this.#options = options;
    this.#worker = options.start();
    this.#remote = wrap<Record<string, (...args: unknown[]) => unknown>>(this.#worker);
    live.add(this);
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#die(`${options.name} stopped: ${event.message || 'its worker could not be loaded'}.`);
    });
    this.#worker.addEventListener('messageerror', () =>
      this.#die(`${options.name} sent a message that could not be read.`),
    );
    this.calls = new Proxy({} as Calls<Api>, {
      // A promise that resolves to this object looks for `then`.
      get: (_, name) =>
        typeof name === 'string' && name !== 'then'
          ? (...args: unknown[]) => this.#call(name as keyof Api & string, args)
          : undefined,
    });
  }

  /** Ends the worker at once. Pending and later calls reject with `reason`. */
  dispose(reason: Error = new Error(`${this.#options.name} was closed.`)): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    for (const reject of [...this.#pending]) reject(reason);
    this.#remote[releaseProxy]();
    this.#worker.terminate();
    live.delete(this);
  }

  #die(reason: string): void {
    if (this.#closed !== null) return;
    this.dispose(new WorkerDied(reason));
    this.#options.onDeath?.(reason);
  }

  #limit(name: keyof Api): number {
    const { timeout = Infinity, timeouts, startupTimeout = 60_000 } = this.#options;
    const limit = timeouts?.[name] ?? timeout;
    return this.#answered ? limit : Math.max(limit, startupTimeout);
  }

  #call(name: keyof Api & string, args: readonly unknown[]): Promise<unknown> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    const limit = this.#limit(name);
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = () => {
        clearTimeout(timer);
        this.#pending.delete(fail);
      };
      const fail = (error: Error) => {
        settle();
        reject(error);
      };
      this.#pending.add(fail);
      if (Number.isFinite(limit))
        timer = setTimeout(() => {
          fail(new CallTimeout(`${this.#options.name} did not answer "${name}" within ${limit / 1000} s.`));
          this.#checkAlive(name);
        }, limit);
      this.#remote[name](...args.map((arg) => this.#prepare(arg))).then(
        (value) => {
          this.#answered = true;
          settle();
          resolve(value);
        },
        (error: unknown) => {
          this.#answered = true;
          fail(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #prepare(arg: unknown): unknown {
    if (typeof arg === 'function')
      return proxy((...news: unknown[]): unknown =>
        this.#closed === null ? (arg as (...news: unknown[]) => unknown)(...news) : undefined,
      );
    if (arg instanceof OffscreenCanvas || arg instanceof MessagePort) return transfer(arg, [arg]);
    return arg;
  }

  #checkAlive(unanswered: keyof Api): void {
    const { name, ping } = this.#options;
    if (ping === undefined) return;
    if (unanswered === ping) this.#die(`${name} stopped answering.`);
    if (this.#pinging || this.#closed !== null) return;
    this.#pinging = true;
    this.#call(ping, [])
      .catch(() => undefined)
      .finally(() => (this.#pinging = false));
  }
}

/** Work in a worker of its own. */
export interface WorkerJob<T> {
  /** Rejects when the work fails or the worker dies, and with {@link Cancelled} after `cancel`. */
  readonly done: Promise<T>;
  /** Ends the worker at once. */
  readonly cancel: () => void;
}

/** Runs one job in a worker that ends with it. There is no time limit: the user can cancel. */
export function runInWorker<Api, T>(
  name: string,
  start: () => Worker,
  work: (calls: Calls<Api>) => Promise<T>,
): WorkerJob<T> {
  const client = new WorkerClient<Api>({ name, start, startupTimeout: Infinity });
  const done = work(client.calls).finally(() => client.dispose());
  return { done, cancel: () => client.dispose(new Cancelled()) };
}
