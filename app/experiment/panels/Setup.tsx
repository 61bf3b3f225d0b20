import { RoomSwitch } from '../../room/RoomSwitch.tsx';
import { mixedDesigns, whyImpossible } from '../../../src/experiment/mixed/possible-designs.ts';
import type { MixedDesign } from '../../../src/experiment/run/names.ts';
import { startEvenings } from '../state/run.ts';
import { useExperiment } from '../state/store.ts';
import { designWords } from '../words.ts';
import { Examples } from './Examples.tsx';
import { PolicyColumn, usePolicies } from './PolicyColumn.tsx';
import { EveningSettings, SettingKnob, StartButton } from './StudySettings.tsx';

/** What is compared, by which designs, and on which evenings. */
export function Setup() {
  const ran = useExperiment((s) => s.run !== null);
  return (
    <section className="room-settings" aria-label="What to compare">
      {ran && (
        <details className="room-group">
          <summary>Examples</summary>
          <Examples />
        </details>
      )}
      <PolicyColumn />
      <DesignSwitches />
      <EveningSettings legend="Evenings" />
      <details className="room-group">
        <summary>Windows, clusters, coins</summary>
        {(['window', 'burn_in', 'schedule', 'cluster', 'side', 'treated_share', 'seed'] as const).map(
          (path) => (
            <SettingKnob key={path} path={path} />
          ),
        )}
      </details>
      <StartButton start={startEvenings} />
    </section>
  );
}

function DesignSwitches() {
  const { a, b } = usePolicies();
  const reasons = new Map(mixedDesigns.map((design) => [design, whyImpossible(design, { a, b })]));
  const reason = [...reasons.values()].find((text) => text !== null);
  return (
    <fieldset className="room-group">
      <legend>Designs beside the truth</legend>
      {reason !== undefined && (
        <p className="design-reason">Only by time, for these two policies: {reason}.</p>
      )}
      {mixedDesigns.map((design) => (
        <DesignSwitch key={design} design={design} possible={reasons.get(design) === null} />
      ))}
    </fieldset>
  );
}

interface SwitchProps {
  readonly design: MixedDesign;
  /** Whether it can compare the two policies. */
  readonly possible: boolean;
}

function DesignSwitch({ design, possible }: SwitchProps) {
  const designs = useExperiment((s) => s.designs);
  const { name, text } = designWords[design];
  const change = (on: boolean) =>
    useExperiment.setState({
      // In the order of the list, whatever the order of the clicks.
      designs: mixedDesigns.filter((d) => (d === design ? on : designs.includes(d))),
    });
  return (
    <RoomSwitch
      label={name}
      help={text}
      checked={possible && designs.includes(design)}
      disabled={!possible}
      onChange={change}
    />
  );
}
