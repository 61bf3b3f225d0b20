import { knobs, knobAt, valueAt, type Knob } from '../../state/knobs.ts';
import { knobText } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { KnobField } from '../../ui/rail/KnobControl.tsx';
import { policyB, setPolicyB, useExperiment } from '../state/store.ts';

const policyKnobs = knobs.filter((knob) => knob.group === 'policy');
/** The knobs that most experiments are about. */
const main = ['policy.scorer', 'policy.matcher', 'policy.waitingBonus', 'policy.bonus'];
const isMain = ({ path }: Knob) => main.includes(path);

/** A, the policy of the page, and what B changes. */
export function PolicyColumn() {
  const scenario = useScenario((s) => s.scenario);
  const draft = useExperiment((s) => s.b);
  const other = useScenario((s) => s.other);
  const b = policyB(draft, { scenario, other });
  const changed = policyKnobs.filter(({ path }) => valueAt({ policy: b }, path) !== valueAt(scenario, path));
  return (
    <>
      <fieldset className="room-group">
        <legend>A: the policy of the page</legend>
        <p className="policy-line">{policyText(scenario.policy, policyKnobs.filter(isMain))}</p>
      </fieldset>
      <fieldset className="room-group">
        <legend>B: what changes</legend>
        <p className="policy-line" data-none={changed.length === 0 || undefined}>
          {changed.length === 0 ? 'Nothing: B is the same policy as A.' : policyText(b, changed)}
        </p>
        {policyKnobs.filter(isMain).map(({ path }) => (
          <PolicyKnob key={path} path={path} value={valueAt({ policy: b }, path)} />
        ))}
      </fieldset>
      <details className="room-group">
        <summary>More knobs of B</summary>
        {policyKnobs
          .filter((knob) => !isMain(knob))
          .map(({ path }) => (
            <PolicyKnob key={path} path={path} value={valueAt({ policy: b }, path)} />
          ))}
      </details>
    </>
  );
}

function PolicyKnob({ path, value }: { readonly path: string; readonly value: number | string }) {
  const problem = useExperiment((s) => s.problems[path] ?? null);
  return (
    <KnobField
      knob={knobAt(path)}
      value={value}
      problem={problem}
      onChange={(next) => setPolicyB(path, next)}
      verbose
    />
  );
}

/** "Scorer Oracle · Matcher Greedy". */
function policyText(policy: object, shown: readonly Knob[]): string {
  return shown
    .map(({ path, info }) => `${info.label} ${knobText(info, valueAt({ policy }, path))}`)
    .join(' · ');
}
