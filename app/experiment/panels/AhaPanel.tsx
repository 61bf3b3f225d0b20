import { useMemo } from 'react';
import type { AhaReport, AhaRow } from '../../../src/experiment/aha/aha-report.ts';
import { signed } from '../../charts/format.ts';
import { RoomChart } from '../../room/RoomChart.tsx';
import { count, NO_VALUE, percent } from '../../state/format.ts';
import { ahaCommand, ahaTable, chosenRows, conditionText, startAha } from '../state/aha.ts';
import { useExperiment, type AhaRun } from '../state/store.ts';
import { CommandText } from './CommandText.tsx';
import { MarketSize, SettingKnob, StartButton } from './StudySettings.tsx';

/** What tells who returns, beside what makes them return. */
export function AhaPanel() {
  const run = useExperiment((s) => s.ahaRun);
  return (
    <div className="room-grid experiment-grid">
      <section className="room-settings" aria-label="Which evening">
        <fieldset className="room-group">
          <legend>One evening under A</legend>
          <SettingKnob path="visits" />
          <MarketSize />
          <SettingKnob path="seed" />
        </fieldset>
        <StartButton start={startAha}>Find the Aha moment</StartButton>
      </section>
      <div className="room-main">{run === null ? <Welcome /> : <AhaResults run={run} />}</div>
    </div>
  );
}

function AhaResults({ run }: { readonly run: AhaRun }) {
  const { report } = run;
  const tables = useMemo(() => [ahaTable(report)], [report]);
  return (
    <>
      <div className="experiment-head">
        <h2 className="experiment-verdict">{headOf(report)}</h2>
        <p className="experiment-more">{misleadingText(report)}</p>
      </div>
      <RoomChart title="What tells who returns?" view="experiment-front" tables={tables} />
      <Funnel report={report} />
      <ul className="design-rows" aria-label="Conditions">
        {chosenRows(report).map((row) => (
          <ConditionRow key={row.name} row={row} misleads={report.misleading.includes(row.name)} />
        ))}
      </ul>
      <CommandText command={ahaCommand(run)} />
    </>
  );
}

function headOf({ people, base, bestF1 }: AhaReport): string {
  const share = `${percent(base)} of ${count(people)} visits end with a return the next day.`;
  return bestF1 === null
    ? `${share} No condition has enough visits on both sides.`
    : `${share} Of single conditions, “${conditionText(bestF1)}” tells best which (F1).`;
}

function misleadingText({ misleading, bestEffect }: AhaReport): string {
  const effect =
    bestEffect === null
      ? 'No condition has an adjusted effect beyond chance.'
      : `The largest adjusted effect beyond chance is that of “${conditionText(bestEffect)}”.`;
  return misleading.length === 0
    ? effect
    : `${effect} The world knows better: for ${misleading.map((name) => `“${conditionText(name)}”`).join(', ')}, the true effect lies outside the interval. To tell who returns is not to make them return.`;
}

function ConditionRow({ row, misleads }: { readonly row: AhaRow; readonly misleads: boolean }) {
  const { adjusted, truth } = row;
  const points = (x: number | null) => (x === null ? NO_VALUE : `${signed(100 * x)} pp`);
  return (
    <li className="design-row">
      <div className="design-words">
        <h3>{conditionText(row.name)}</h3>
        {misleads && <p className="design-reason">Misleads: the interval leaves the true effect out.</p>}
      </div>
      <dl className="design-figures">
        <Figure label="Visits" value={count(row.n)} />
        <Figure label="Precision" value={percent(row.precision)} />
        <Figure label="Recall" value={percent(row.recall)} />
        <Figure label="F1" value={row.f1.toFixed(2)} />
        <Figure label="Difference" value={points(row.crude.value)} />
        <Figure
          label="Adjusted"
          value={points(adjusted.value)}
          {...(adjusted.low !== null && { note: `${points(adjusted.low)} to ${points(adjusted.high)}` })}
        />
        <Figure label="True effect" value={points(truth)} />
      </dl>
    </li>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

function Funnel({ report }: { readonly report: AhaReport }) {
  if (report.funnel.length < 2) return null;
  return (
    <section aria-label="Funnel">
      <h3 className="funnel-title">Funnel: who meets each condition and all before it</h3>
      <ol className="funnel">
        {report.funnel.map(({ stage, n, precision }) => (
          <li key={stage}>
            <span>{conditionText(stage)}</span>
            <i style={{ width: `${(100 * n) / report.people}%` }} aria-hidden="true" />
            <span>
              {count(n)}, of whom {percent(precision)} return
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Welcome() {
  return (
    <div className="experiment-welcome">
      <h2 className="experiment-verdict">Is there an Aha moment?</h2>
      <p>
        Services look for an action that tells who comes back: “two long chats in the first evening”. People
        who do it return more often. But do they return because of it, or do people who like it here do both?
      </p>
      <p>
        Here the world knows how much an action changes the chance to return. The true effect stands beside
        what a log says.
      </p>
    </div>
  );
}
