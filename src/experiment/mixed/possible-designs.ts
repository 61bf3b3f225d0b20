import { LabError } from '../../base/errors.ts';
import { checkSplit } from '../../sim/arms.ts';
import { assignmentOf } from '../designs/assign.ts';
import { designNames, type MixedDesign } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';

/** Why a design cannot compare these policies, in one sentence; null if it can. */
export function whyImpossible(design: MixedDesign, { a, b }: Pick<ExperimentSpec, 'a' | 'b'>): string | null {
  if (['window', 'tick'].includes(assignmentOf(design))) return null;
  try {
    checkSplit(a, b);
    return null;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    // Without its place, which is the knob that the sentence names.
    return error.message.slice(error.where === undefined ? 0 : error.where.length + 2);
  }
}

export const mixedDesigns: readonly MixedDesign[] = designNames.filter((name) => name !== 'paired');
