import { afterEach, describe, expect, test, vi } from 'vitest';
import type { TestApi } from './testing/test-worker.ts';
import { Cancelled, runInWorker, WorkerClient, type WorkerClientOptions } from './worker-client.ts';

const start = () => new Worker(new URL('./testing/test-worker.ts', import.meta.url), { type: 'module' });
const open: WorkerClient<TestApi>[] = [];
const patient = { timeout: 30_000 };

function client(options: Partial<WorkerClientOptions<TestApi>> = {}): WorkerClient<TestApi> {
  const made = new WorkerClient<TestApi>({ name: 'The tester', start, ...options });
  open.push(made);
  return made;
}

afterEach(() => {
  for (const made of open.splice(0)) made.dispose();
});

describe('a worker client', () => {
  test('passes answers, errors, callbacks and ports', async () => {
    const { calls } = client();
    expect(await calls.double(21)).toBe(42);
    await expect(calls.fail()).rejects.toMatchObject({ name: 'LabError', message: 'no such person' });
    const told: number[] = [];
    const tell = (n: number) => Promise.resolve(void told.push(n));
    expect(await calls.count(3, tell)).toBe(3);
    expect(told).toEqual([1, 2, 3]);
    const { port1, port2 } = new MessageChannel();
    const said = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    await calls.connect(port2);
    expect(await said).toBe('hello');
    port1.close();
  });

  test('rejects all pending and later calls when the worker dies, and reports the death once', async () => {
    const deaths: string[] = [];
    let worker: Worker | undefined;
    const { calls } = client({
      start: () => (worker = start()),
      onDeath: (reason) => deaths.push(reason),
    });
    await calls.ping();
    const pending = [calls.silent(), calls.silent()];
    for (const message of ['out of memory', 'again'])
      worker?.dispatchEvent(new ErrorEvent('error', { message, cancelable: true }));
    for (const call of pending)
      await expect(call).rejects.toMatchObject({
        name: 'WorkerDied',
        message: 'The tester stopped: out of memory.',
      });
    await expect(calls.ping()).rejects.toThrow('out of memory');
    expect(deaths).toEqual(['The tester stopped: out of memory.']);
  });

  test('dies when the worker cannot be loaded', async () => {
    const { calls } = client({ start: () => new Worker('/no-such-file.ts', { type: 'module' }) });
    await expect(calls.ping()).rejects.toMatchObject({ name: 'WorkerDied' });
  });

  test('rejects a call whose time is up; a worker that answers its ping lives on', async () => {
    const deaths: string[] = [];
    const { calls } = client({
      timeout: 60_000,
      timeouts: { silent: 30 },
      ping: 'ping',
      onDeath: (reason) => deaths.push(reason),
    });
    await calls.ping();
    await expect(calls.silent()).rejects.toMatchObject({
      name: 'CallTimeout',
      message: 'The tester did not answer "silent" within 0.03 s.',
    });
    expect(await calls.double(2)).toBe(4);
    expect(deaths).toEqual([]);
  });

  test('a worker that does not answer its ping is dead', async () => {
    const deaths: string[] = [];
    const { calls } = client({
      timeout: 30,
      startupTimeout: 60_000,
      ping: 'ping',
      onDeath: (reason) => deaths.push(reason),
    });
    await calls.double(1);
    await expect(calls.block(1e9)).rejects.toMatchObject({ name: 'CallTimeout' });
    await vi.waitFor(() => expect(deaths).toEqual(['The tester stopped answering.']), patient);
    await expect(calls.ping()).rejects.toMatchObject({ name: 'WorkerDied' });
  });

  test('dispose rejects with its reason, ends the worker, and silences callbacks', async () => {
    const terminate = vi.fn<() => void>();
    const made = client({
      start() {
        const worker = start();
        return Object.assign(worker, {
          terminate: terminate.mockImplementation(worker.terminate.bind(worker)),
        });
      },
    });
    let told = 0;
    const counting = made.calls.count(1e9, () => {
      told++;
      made.dispose(new Cancelled());
      return Promise.resolve();
    });
    await expect(counting).rejects.toBeInstanceOf(Cancelled);
    await expect(made.calls.ping()).rejects.toBeInstanceOf(Cancelled);
    made.dispose();
    expect(terminate).toHaveBeenCalledOnce();
    expect(told).toBe(1);
  });
});

describe('a job in a worker of its own', () => {
  const job = <T>(work: Parameters<typeof runInWorker<TestApi, T>>[2]) =>
    runInWorker<TestApi, T>('The tester', start, work);

  test('resolves with the result; cancelling it afterwards changes nothing', async () => {
    const { done, cancel } = job((calls) => calls.double(4));
    expect(await done).toBe(8);
    cancel();
    expect(await done).toBe(8);
  });

  test('cancelled, it rejects at once, whatever the worker does', async () => {
    const { done, cancel } = job(async (calls) => {
      await calls.ping();
      const blocked = calls.block(1e9);
      cancel();
      return blocked;
    });
    await expect(done).rejects.toBeInstanceOf(Cancelled);
  });
});
