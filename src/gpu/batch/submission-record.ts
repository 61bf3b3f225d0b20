import type { GpuStage } from './clock.ts';
import type { CostModel } from './throughput.ts';

/** A kind of work, whose speed is learned under its name. */
export interface WorkKind extends CostModel {
  readonly name: string;
  /**
   * Units of cost per millisecond until the kind was measured; for work that is `spread` those of a
   * small integrated GPU.
   */
  readonly initialRate: number;
  /** Visits rows with as many workgroups as the device runs at once. */
  readonly spread?: boolean;
}

/** A compute pass of a submission: work of one kind. */
export interface PassRecord {
  readonly stage: GpuStage;
  readonly kind: WorkKind;
  /** In the unit of the kind's rate, and the milliseconds that it takes at that rate. */
  cost: number;
  ms: number;
  /** Milliseconds that are expected: fewer where the cost is an upper bound. */
  planned: number;
  /**
   * Milliseconds on the GPU's clock; undefined until read back, and where there are no timestamps.
   */
  begin: number | undefined;
  end: number | undefined;
}

export interface SubmissionRecord {
  /** Sum of the costs of its steps. */
  readonly cost: number;
  /** Planned milliseconds. */
  readonly ms: number;
  readonly passes: readonly PassRecord[];
}
