import { knobs, knobAt, valueAt, type Knob } from '../../state/knobs.ts';
import { knobText } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { KnobField } from '../../ui/rail/KnobControl.tsx';
import { policyB, setPolicyB, useExperiment } from '../state/store.ts';

const policyKnobs = knobs.filter((knob) => knob.group === 'policy');
/** The knobs that most experiments are about. */
const main = ['policy.scorer', 'policy.matcher', 'policy.waitingBonus', 'policy.bonus'];
const isMain = ({ path }: Knob) => main.includes(path);

/** Both policies as they stand, and the knobs in which they differ. */
export function usePolicies() {
  const scenario = useScenario((s) => s.scenario);
  const other = useScenario((s) => s.other);
  const b = policyB(
    useExperiment((s) => s.b),
    { scenario, other },
  );
  const changed = policyKnobs.filter(({ path }) => valueAt({ policy: b }, path) !== valueAt(scenario, path));
  return { a: scenario.policy, b, changed };
}

/** A and B in words. */
export function PolicyLines() {
  const { a, b, changed } = usePolicies();
  return (
    <>
      <fieldset className="room-group">
        <legend>A: the policy of the page</legend>
        <p className="policy-line">{policyText(a, policyKnobs.filter(isMain))}</p>
      </fieldset>
      <fieldset className="room-group">
        <legend>B: what changes</legend>
        <p className="policy-line" data-none={changed.length === 0 || undefined}>
          {changed.length === 0 ? 'Nothing: B is the same policy as A.' : policyText(b, changed)}
        </p>
      </fieldset>
    </>
  );
}

/** A, the policy of the page, and the knobs of B. */
export function PolicyColumn() {
  const { b } = usePolicies();
  return (
    <>
      <PolicyLines />
      {policyKnobs.filter(isMain).map(({ path }) => (
        <PolicyKnob key={path} path={path} value={valueAt({ policy: b }, path)} />
      ))}
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
