import { useId, useMemo } from 'react';
import { windowReport } from '../../../src/experiment/windows/window-study.ts';
import { RoomChart } from '../../room/RoomChart.tsx';
import { count } from '../../state/format.ts';
import { effectText } from '../state/sentences.ts';
import { useExperiment, type WindowRun } from '../state/store.ts';
import { startWindows, windowsCommand, windowTables } from '../state/windows.ts';
import { CommandText } from './CommandText.tsx';
import { MetricChoice } from './MetricChoice.tsx';
import { PolicyLines } from './PolicyColumn.tsx';
import { EveningSettings, SettingKnob, StartButton } from './StudySettings.tsx';

/** A switchback over the lengths of its windows and of its burn-in. */
export function WindowsPanel() {
  const run = useExperiment((s) => s.windowRun);
  return (
    <div className="room-grid experiment-grid">
      <WindowSetup />
      <div className="room-main">
        {run === null || run.results.length === 0 ? <Welcome /> : <WindowResults run={run} />}
      </div>
    </div>
  );
}

function WindowSetup() {
  return (
    <section className="room-settings" aria-label="Which windows">
      <PolicyLines />
      <fieldset className="room-group">
        <legend>Windows</legend>
        <ListField
          name="windows"
          label="Lengths, s"
          help="How long a policy stays before the switchback draws again; each length is a line."
        />
        <ListField
          name="burnIns"
          label="Burn-ins"
          help="Shares of each window that are left out at its start, from 0 to below 1."
        />
        <SettingKnob path="schedule" />
      </fieldset>
      <EveningSettings legend="Evenings" />
      <StartButton start={startWindows} of="of each window" />
    </section>
  );
}

interface ListProps {
  readonly name: 'windows' | 'burnIns';
  readonly label: string;
  readonly help: string;
}

function ListField({ name, label, help }: ListProps) {
  const value = useExperiment((s) => s[name]);
  const id = useId();
  return (
    <div className="knob">
      <label className="knob-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="room-text"
        value={value}
        aria-describedby={`${id}-help`}
        onChange={(event) => useExperiment.setState({ [name]: event.target.value })}
      />
      <p id={`${id}-help`} className="knob-help">
        {help}
      </p>
    </div>
  );
}

function WindowResults({ run }: { readonly run: WindowRun }) {
  const metric = useExperiment((s) => s.metric);
  const { tables, truth } = useMemo(() => {
    const report = windowReport(run.results);
    return { tables: windowTables(report, metric), truth: report.truth[metric] };
  }, [run, metric]);
  return (
    <>
      <div className="experiment-head">
        <h2 className="experiment-verdict">
          Truth {effectText(truth?.effect, metric)}
          {typeof truth?.low === 'number' &&
            truth.low !== truth.high &&
            ` (${effectText(truth.low, metric)} to ${effectText(truth.high, metric)})`}
          , after {count(run.results.length)} of {count(run.evenings)} evenings
        </h2>
        <p className="experiment-more">
          A window begins with the people and the chats of the window before it. A burn-in leaves the first
          part of each window out: less of the other policy is left in it, and fewer chats are left to
          compare.
        </p>
        <MetricChoice />
      </div>
      <RoomChart title="What a burn-in takes and costs" view="experiment-curves" tables={tables} />
      <CommandText command={windowsCommand(run)} />
    </>
  );
}

function Welcome() {
  return (
    <div className="experiment-welcome">
      <h2 className="experiment-verdict">How long should a window be?</h2>
      <p>
        A switchback gives everybody the same policy, and draws again after each window. Nobody takes partners
        from the other arm. But a window begins with what the one before left behind: the people who wait,
        their moods and their chats.
      </p>
      <p>
        Longer windows, and a burn-in that leaves their beginning out, make this carry-over smaller. They also
        leave fewer windows and fewer chats, so that the estimates vary more.
      </p>
    </div>
  );
}
