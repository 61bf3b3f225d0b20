import type { GpuBackend } from '../../src/match/gpu-backend.ts';
import type { Peak } from './peaks.ts';
import type { Product } from './product.ts';
import { tableText, type TableCell } from './table.ts';

/** What all parts of a benchmark share. */
export interface BenchContext {
  readonly quick: boolean;
  readonly large: boolean;
  /** Numbers of people, if given on the command line. */
  readonly sizes: readonly number[] | undefined;
  /** Ticks of each measurement, if given on the command line. */
  readonly ticks: number | undefined;
  readonly gpu: GpuBackend | null;
  /** The adapter is a real GPU. */
  readonly realGpu: boolean;
  readonly peaks: { readonly cpu: Peak; readonly gpu: Peak | null };
  /** Measured only if scoring is. */
  readonly product: Product | null;
  /** Folder of another checkout that is measured in turn with this one. */
  readonly beside: string | undefined;
  readonly progress: (text: string) => void;
}

/** One measurement. A benchmark that runs out of time stops between two of them. */
export interface BenchJob<Row> {
  readonly name: string;
  readonly run: () => Promise<Row[]> | Row[];
}

/** A part of the benchmark: its measurements and the table of their rows. */
export interface BenchPart<Row> {
  readonly rows: Row[];
  jobs(context: BenchContext): { readonly name: string; run(): Promise<void> }[];
  /** The rows as text; '' without rows. */
  table(): string;
}

/** A part whose rows accumulate as its jobs run. `columns` gives each column's cell from a row. */
export function benchPart<Row>(
  title: string,
  jobs: (context: BenchContext) => BenchJob<Row>[],
  columns: Readonly<Record<string, (row: NoInfer<Row>) => TableCell>>,
): BenchPart<Row> {
  const rows: Row[] = [];
  return {
    rows,
    jobs: (context) =>
      jobs(context).map(({ name, run }) => ({
        name,
        run: async () => void rows.push(...(await run())),
      })),
    table() {
      if (rows.length === 0) return '';
      const cells = rows.map((row) => Object.values(columns).map((column) => column(row)));
      return `${title}\n${tableText(Object.keys(columns), cells)}`;
    },
  };
}
