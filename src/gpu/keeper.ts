import { LabError } from '../base/errors.ts';
import { DeviceLostError } from './errors.ts';

/** Opens what lives on a device. `onLost` must be called once when the device goes away. */
export type Open<T> = (onLost: (reason: string) => void) => Promise<T>;

export interface KeeperOptions<T> {
  readonly open: Open<T>;
  readonly dispose: (value: T) => void;
  /** After a lost device was replaced: rebuild here what lay on it. Awaited before {@link DeviceKeeper.get} hands the new one out. */
  readonly recovered?: (value: T, reason: string, generation: number) => Promise<void> | void;
  /** When it could not be replaced. */
  readonly failed?: (error: LabError) => void;
  /** Recoveries within a minute after which the driver is given up on; default 3. */
  readonly most?: number;
}

/**
 * Keeps something that lives on a GPU device alive across device losses: one recovery at a time, however often the loss is reported. Whoever
 * holds an old generation drops it.
 */
export class DeviceKeeper<T> {
  /** Counts devices, from 1. Results of an older generation are stale. */
  generation = 0;
  #current: Promise<T> | undefined;
  #value: T | undefined;
  #recovering: Promise<void> | undefined;
  #losses: number[] = [];
  #disposed = false;

  constructor(readonly options: KeeperOptions<T>) {}

  /** The living one: opened on the first call, after a loss the one that replaces it. */
  get(): Promise<T> {
    if (this.#disposed) return Promise.reject(new DeviceLostError('the keeper was disposed of'));
    return (this.#current ??= this.#open());
  }

  async #open(): Promise<T> {
    const generation = ++this.generation;
    const value = await this.options.open((reason) => this.#lost(generation, reason));
    if (this.#disposed) {
      this.options.dispose(value);
      throw new DeviceLostError('the keeper was disposed of');
    }
    this.#value = value;
    return value;
  }

  #lost(generation: number, reason: string): void {
    if (this.#disposed || generation !== this.generation || this.#recovering !== undefined) return;
    const recovery = this.#recover(reason).finally(() => {
      this.#recovering = undefined;
    });
    this.#recovering = recovery;
    // Reported through `failed` and by get(); nobody awaits this one.
    recovery.catch(() => undefined);
  }

  async #recover(reason: string): Promise<void> {
    const now = performance.now();
    this.#losses = [...this.#losses.filter((t) => now - t < 60_000), now];
    const old = this.#value;
    this.#value = undefined;
    if (old !== undefined) this.options.dispose(old);
    const next = (async () => {
      if (this.#losses.length > (this.options.most ?? 3))
        throw new LabError(
          `the GPU device was lost ${this.#losses.length} times within a minute (last: ${reason}); the CPU backend goes on without it`,
        );
      const value = await this.#open();
      await this.options.recovered?.(value, reason, this.generation);
      return value;
    })();
    this.#current = next;
    try {
      await next;
    } catch (error) {
      const shown = error instanceof LabError ? error : new LabError(String(error));
      this.options.failed?.(shown);
      throw shown;
    }
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#value !== undefined) this.options.dispose(this.#value);
    this.#value = undefined;
  }
}
