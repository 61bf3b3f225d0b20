import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { policyNames } from '../../src/experiment/effect-metrics.ts';
import { livePolicy, useScenario } from '../state/scenario-store.ts';
import type { InstrumentId } from '../charts/views.ts';
import { useUi } from '../state/ui-store.ts';

/** In a comparison: the policy that the controls and the instruments show. */
export function SideSwitch({ label }: { label: string }) {
  const comparing = useScenario((s) => s.other !== null);
  const side = useUi((s) => s.side);
  const setSide = useUi((s) => s.setSide);
  if (!comparing) return null;
  return (
    <ToggleGroup
      className="choices sides"
      aria-label={label}
      value={[side]}
      onValueChange={([next]) => {
        if (next !== undefined) setSide(next);
      }}
    >
      <Toggle value="main" className="choice">
        A
      </Toggle>
      <Toggle value="other" className="choice">
        B
      </Toggle>
    </ToggleGroup>
  );
}

/**
 * Names of two policies that stand side by side in an instrument; undefined outside a comparison.
 */
export function usePair(): readonly [a: string, b: string] | undefined {
  // As one text, which stays the same while the names do.
  const names = useScenario((s) => {
    const [a, b] = [livePolicy(s, 'main'), livePolicy(s, 'other')];
    return a === null || b === null ? '' : policyNames(a, b).join('\n');
  });
  if (names === '') return undefined;
  const [a, b] = names.split('\n');
  return [a, b];
}

/** "Who gains, who loses?" is about both policies as it is. */
export const standsInPairs = (id: InstrumentId): boolean => id !== 'slices';
