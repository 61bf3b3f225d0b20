import { RoomSwitch } from '../../room/RoomSwitch.tsx';
import { mixedDesigns, whyImpossible } from '../../../src/experiment/mixed/possible-designs.ts';
import type { MixedDesign } from '../../../src/experiment/run/names.ts';
import { count } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { KnobField } from '../../ui/rail/KnobControl.tsx';
import type { RoomSettings } from '../settings.ts';
import { startEvenings } from '../state/run.ts';
import { marketOf } from '../state/spec.ts';
import { setSetting, settingKnob, useExperiment } from '../state/store.ts';
import { designWords } from '../words.ts';
import { Examples } from './Examples.tsx';
import { PolicyColumn, usePolicies } from './PolicyColumn.tsx';

/** What is compared, by which designs, and on which evenings. */
export function Setup() {
  const busy = useExperiment((s) => s.task !== null);
  const evenings = useExperiment((s) => s.settings.evenings);
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
      <fieldset className="room-group">
        <legend>Evenings</legend>
        <SettingKnob path="evenings" />
        <MarketSize />
        <SettingKnob path="ticks" />
      </fieldset>
      <details className="room-group">
        <summary>Windows, clusters, coins</summary>
        {(['window', 'burn_in', 'schedule', 'cluster', 'treated_share', 'warm_up', 'seed'] as const).map(
          (path) => (
            <SettingKnob key={path} path={path} />
          ),
        )}
      </details>
      <button
        type="button"
        className="button primary wide room-start"
        disabled={busy}
        onClick={() => void startEvenings()}
      >
        Run {count(evenings)} evening{evenings === 1 ? '' : 's'}
      </button>
    </section>
  );
}

/** One knob of the room, at its present value. */
export function SettingKnob({ path }: { readonly path: keyof RoomSettings }) {
  const value = useExperiment((s) => s.settings[path]);
  const problem = useExperiment((s) => s.problems[path] ?? null);
  return (
    <KnobField
      knob={settingKnob(path)}
      value={value}
      problem={problem}
      onChange={(next) => setSetting(path, next)}
      verbose
    />
  );
}

/** The size of the market, and what it is then. */
export function MarketSize() {
  const settings = useExperiment((s) => s.settings);
  const scenario = useScenario((s) => s.scenario);
  const { people, online, arrivalsPerMinute } = marketOf(scenario, settings).population;
  return (
    <>
      <SettingKnob path="online" />
      <p className="knob-help">
        {scenario.name}: {count(people)} people, {count(online)} online at opening, {count(arrivalsPerMinute)}{' '}
        arrivals a minute.
      </p>
    </>
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
