import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useScenario } from '../state/scenario-store.ts';
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
