import { presets as all } from '../../src/scenario/presets.ts';
import type { Policy, Scenario } from '../../src/scenario/schema.ts';

/** A ready-made evening as the page offers it. */
export interface Preset {
  readonly id: string;
  readonly sentence: string;
  readonly scenario: Scenario;
  /** Presets that are about two policies open with both. */
  readonly other: Policy | null;
}

export const presets: readonly Preset[] = all.map((preset) => ({
  id: preset.id,
  sentence: preset.sentence,
  scenario: preset.scenario,
  other: preset.other ?? null,
}));

export function presetById(id: string): Preset | undefined {
  return presets.find((preset) => preset.id === id);
}
