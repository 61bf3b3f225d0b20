import type { Side } from '../engine/api.ts';
import { livePolicy, useScenario } from '../state/scenario-store.ts';
import { lateButton } from '../ui/late/late-button.tsx';
import './formula.css';

const EditorButton = lateButton('The formula editor', 'dialog', () => import('./FormulaDialog.tsx'));

/** The button beside the policy's name. */
export function FormulaButton({ side }: { readonly side: Side }) {
  const on = useScenario((s) => (livePolicy(s, side)?.formula ?? '') !== '');
  return (
    <EditorButton
      trigger={{
        className: 'link formula-open',
        'data-on': on || undefined,
        'data-help': 'Gives pairs their weight by a formula of your own, in the place of the knobs below.',
        children: on ? 'Formula decides' : 'Own formula',
      }}
    />
  );
}
