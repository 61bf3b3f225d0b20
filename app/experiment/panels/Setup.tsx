import { Switch } from '@base-ui/react/switch';
import { useId } from 'react';
import { designNames, type DesignName } from '../../../src/experiment/run/names.ts';
import { count } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { KnobField } from '../../ui/rail/KnobControl.tsx';
import type { Settings } from '../settings.ts';
import { startEvenings } from '../state/run.ts';
import { marketOf } from '../state/spec.ts';
import { setSetting, settingKnob, useExperiment } from '../state/store.ts';
import { designWords } from '../words.ts';
import { Examples } from './Examples.tsx';
import { PolicyColumn } from './PolicyColumn.tsx';

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
      <fieldset className="room-group">
        <legend>Designs beside the truth</legend>
        {designNames
          .filter((design) => design !== 'paired')
          .map((design) => (
            <DesignSwitch key={design} design={design} />
          ))}
      </fieldset>
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
export function SettingKnob({ path }: { readonly path: keyof Settings }) {
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

function MarketSize() {
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

function DesignSwitch({ design }: { readonly design: DesignName }) {
  const designs = useExperiment((s) => s.designs);
  const { name, text } = designWords[design];
  const id = useId();
  const change = (on: boolean) =>
    useExperiment.setState({
      // In the order of the list, whatever the order of the clicks.
      designs: designNames.filter((d) => (d === design ? on : designs.includes(d))),
    });
  return (
    <div className="room-switch">
      <Switch.Root
        className="switch"
        checked={designs.includes(design)}
        onCheckedChange={change}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-help`}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <div>
        <span id={`${id}-label`}>{name}</span>
        <p id={`${id}-help`} className="knob-help">
          {text}
        </p>
      </div>
    </div>
  );
}
