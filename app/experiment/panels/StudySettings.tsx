import type { ReactNode } from 'react';
import { count } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { KnobField } from '../../ui/rail/KnobControl.tsx';
import type { RoomSettings } from '../settings.ts';
import { marketOf } from '../state/spec.ts';
import { setSetting, settingKnob, useExperiment } from '../state/store.ts';

/** What every study of the room has: its evenings, its market, and its start. */

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

/** How many evenings, in which market and how long. */
export function EveningSettings({ legend }: { readonly legend: string }) {
  return (
    <fieldset className="room-group">
      <legend>{legend}</legend>
      <SettingKnob path="evenings" />
      <MarketSize />
      <SettingKnob path="ticks" />
      <SettingKnob path="warm_up" />
    </fieldset>
  );
}

interface StartProps {
  readonly start: () => Promise<void>;
  /** What the evenings are of, such as "of each window". */
  readonly of?: string;
  /** Instead of the number of evenings. */
  readonly children?: ReactNode;
}

/** Starts a study, unless another one runs. */
export function StartButton({ start, of = '', children }: StartProps) {
  const busy = useExperiment((s) => s.task !== null);
  const evenings = useExperiment((s) => s.settings.evenings);
  return (
    <button
      type="button"
      className="button primary wide room-start"
      disabled={busy}
      onClick={() => void start()}
    >
      {children ?? `Run ${count(evenings)} evening${evenings === 1 ? '' : 's'} ${of}`.trimEnd()}
    </button>
  );
}
