import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One run of a task. */
export interface Run {
  /** Processor time of all threads, and wall time, milliseconds. */
  readonly cpuMs: number;
  readonly ms: number;
  readonly weight: number;
  /** Partner of each person, -1 for none; empty where nobody is paired. */
  readonly mate: ArrayLike<number>;
}

/** A Python process with NumPy and SciPy that runs the tasks of peers.py on these vectors. */
export interface Python {
  run(task: 'score' | 'greedy' | 'assignment'): Promise<Run>;
  end(): void;
}

/** Starts it; undefined where Python, NumPy or SciPy is missing. */
export async function openPython(vectors: Float32Array, n: number, dim: number): Promise<Python | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  const file = join(folder, 'vectors.f32');
  writeFileSync(file, vectors);
  const one = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const child = spawn('python3', [join(import.meta.dirname, 'peers.py'), file, String(n), String(dim)], {
    env: { ...process.env, ...one },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  if ((await lines.next()).done === true) {
    end();
    return undefined;
  }
  return {
    async run(task) {
      child.stdin.write(`${task}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`python3 ended during ${task} of ${n} people`);
      return JSON.parse(line.value) as Run;
    },
    end,
  };
}
