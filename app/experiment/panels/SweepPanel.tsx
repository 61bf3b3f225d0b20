import { useId, useMemo } from 'react';
import type { OutcomeName } from '../../../src/experiment/run/names.ts';
import { RoomChart } from '../../room/RoomChart.tsx';
import { knobAt, knobs } from '../../state/knobs.ts';
import { useOutcomes } from '../use-outcomes.ts';
import { useExperiment, type SweepRun, type Vary } from '../state/store.ts';
import {
  firstValues,
  frontTable,
  presentValue,
  startSweep,
  sweepCommand,
  sweepView,
} from '../state/sweep.ts';
import { metricWords } from '../words.ts';
import { CommandText } from './CommandText.tsx';
import { MetricChoice } from './MetricChoice.tsx';
import { EveningSettings, StartButton } from './StudySettings.tsx';

/** What one or two knobs do to the market: a curve or a heat map, and the front of two metrics. */
export function SweepPanel() {
  const run = useExperiment((s) => s.sweepRun);
  return (
    <div className="room-grid experiment-grid">
      <SweepSetup />
      <div className="room-main">{run === null ? <Welcome /> : <SweepResults run={run} />}</div>
    </div>
  );
}

function SweepSetup() {
  const vary = useExperiment((s) => s.vary);
  const change = (k: number, next: Vary) =>
    useExperiment.setState({ vary: vary.map((own, at) => (at === k ? next : own)) });
  return (
    <section className="room-settings" aria-label="What to vary">
      {vary.map((own, k) => (
        <VaryField
          key={k}
          label={k === 0 ? 'First knob' : 'Second knob'}
          vary={own}
          none={k > 0}
          onChange={(next) => change(k, next)}
        />
      ))}
      <EveningSettings legend="Evenings of each setting" />
      <StartButton start={startSweep} of="of each setting" />
    </section>
  );
}

interface VaryProps {
  readonly label: string;
  readonly vary: Vary;
  /** Whether it may be left out. */
  readonly none: boolean;
  readonly onChange: (vary: Vary) => void;
}

const groups = [
  ['policy', 'Policy'],
  ['population', 'People'],
  ['behaviour', 'Behaviour'],
] as const;

function VaryField({ label, vary, none, onChange }: VaryProps) {
  const id = useId();
  const info = vary.knob === '' ? null : knobAt(vary.knob).info;
  const choose = (knob: string) =>
    onChange({ knob, values: knob === '' ? '' : firstValues(knobAt(knob), presentValue(knob)) });
  return (
    <fieldset className="room-group">
      <legend>{label}</legend>
      <select
        className="room-select"
        aria-label={label}
        value={vary.knob}
        onChange={(event) => choose(event.target.value)}
      >
        {none && <option value="">None</option>}
        {groups.map(([group, text]) => (
          <optgroup key={group} label={text}>
            {knobs
              .filter((knob) => knob.group === group)
              .map(({ path, info: own }) => (
                <option key={path} value={path}>
                  {own.label}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      {info !== null && (
        <>
          <label className="knob-label" htmlFor={`${id}-values`}>
            Values{info.unit !== '' && info.unit !== '%' && `, ${info.unit}`}
          </label>
          <input
            id={`${id}-values`}
            className="room-text"
            value={vary.values}
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange({ ...vary, values: event.target.value })}
          />
          <p id={`${id}-help`} className="knob-help">
            {info.help}{' '}
            {info.options === undefined
              ? 'A list, or first:last:step.'
              : `Of ${info.options.map((o) => o.value).join(', ')}.`}
          </p>
        </>
      )}
    </fieldset>
  );
}

function SweepResults({ run }: { readonly run: SweepRun }) {
  const metric = useExperiment((s) => s.metric);
  const beside = useExperiment((s) => s.beside);
  const outcomes = useOutcomes();
  const { view, tables, front } = useMemo(() => {
    const own = sweepView(run, metric);
    return { view: own.view, tables: [own.table], front: [frontTable(run, metric, beside)] };
  }, [run, metric, beside]);
  const name = metricWords[metric].name;
  return (
    <>
      <MetricChoice />
      <RoomChart title={`${name} by setting`} view={view} tables={tables} />
      <div className="sweep-beside">
        <label className="knob-label" htmlFor="sweep-beside">
          Beside {name.toLowerCase()}
        </label>
        <select
          id="sweep-beside"
          className="room-select"
          value={beside}
          onChange={(event) => useExperiment.setState({ beside: event.target.value as OutcomeName })}
        >
          {outcomes
            .filter((other) => other !== metric)
            .map((other) => (
              <option key={other} value={other}>
                {metricWords[other].name}
              </option>
            ))}
        </select>
      </div>
      <RoomChart title="Which settings are best in both?" view="experiment-front" tables={front} />
      <CommandText command={sweepCommand(run)} />
    </>
  );
}

function Welcome() {
  return (
    <div className="experiment-welcome">
      <h2 className="experiment-verdict">What does a knob do to everybody?</h2>
      <p>
        A sweep gives one policy to everybody and lives through the same evenings at every value of a knob, or
        of two. Because the evenings are the same, small differences show.
      </p>
      <p>
        One knob gives a curve, two give a heat map. The settings that no other beats in two metrics form the
        front: what is best there depends on what counts more.
      </p>
    </div>
  );
}
