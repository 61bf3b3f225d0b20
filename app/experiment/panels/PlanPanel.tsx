import { useMemo } from 'react';
import { RoomChart } from '../../room/RoomChart.tsx';
import { figure, signed } from '../../charts/format.ts';
import { count, duration, percent } from '../../state/format.ts';
import { planCommand, plansOf, planTables } from '../state/plan.ts';
import { useExperiment, type ExperimentRun } from '../state/store.ts';
import { designWords, metricWords } from '../words.ts';
import { CommandText } from './CommandText.tsx';
import { MetricChoice } from './MetricChoice.tsx';
import { SettingKnob } from './StudySettings.tsx';

/** How many evenings every design needs to find an effect. */
export function PlanPanel() {
  const run = useExperiment((s) => s.run);
  return (
    <div className="room-grid experiment-grid">
      <section className="room-settings" aria-label="What to find">
        <fieldset className="room-group">
          <legend>What the experiment has to find</legend>
          <SettingKnob path="effect" />
          <SettingKnob path="power" />
          <SettingKnob path="alpha" />
        </fieldset>
      </section>
      <div className="room-main">
        {run === null || run.results.length < 2 ? <Welcome /> : <Plans run={run} />}
      </div>
    </div>
  );
}

function Plans({ run }: { readonly run: ExperimentRun }) {
  const metric = useExperiment((s) => s.metric);
  const { effect, power, alpha } = useExperiment((s) => s.settings);
  const { plans, tables } = useMemo(() => {
    const wanted = { effect, power, alpha };
    const own = plansOf(run, metric, wanted);
    return { plans: own, tables: planTables(own, metric, wanted) };
  }, [run, metric, effect, power, alpha]);
  const { unit, phrase } = metricWords[metric];
  const seconds = ((run.input.ticks ?? 0) * (run.input.a?.tickMs ?? 500)) / 1000;
  return (
    <>
      <div className="experiment-head">
        <h2 className="experiment-verdict">
          How many evenings find {Number(effect.toPrecision(6))} {unit} in {phrase}?
        </h2>
        <p className="experiment-more">
          From the {count(run.results.length)} evenings of the run: the more a design’s estimates vary, the
          more evenings it needs. A design that is biased finds its bias, however long it runs.
        </p>
        <MetricChoice />
      </div>
      <RoomChart title="What is found after how long" view="experiment-curves" tables={tables} />
      <ul className="design-rows" aria-label="Evenings by design">
        {plans.map((plan) => (
          <li key={plan.design} className="design-row">
            <div className="design-words">
              <h3>{designWords[plan.design].name}</h3>
              {plan.bias !== null && (
                <p className="design-reason">
                  Biased by {signed(plan.bias)} {unit}: more evenings do not help.
                </p>
              )}
            </div>
            <dl className="design-figures">
              {(
                [
                  ['Evenings', count(plan.evenings)],
                  ['Time', duration(plan.evenings * seconds)],
                  ['Power of one', percent(plan.powerOfOne)],
                  ['SD of one', `${figure(plan.sd)} ${unit}`],
                ] as const
              ).map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      {plans.length > 0 && (
        <CommandText command={planCommand(plans[0].design, metric, { effect, power, alpha })} />
      )}
    </>
  );
}

function Welcome() {
  return (
    <div className="experiment-welcome">
      <h2 className="experiment-verdict">How long must an experiment run?</h2>
      <p>
        Long enough to tell the smallest effect that matters from chance. That depends on how much a design’s
        estimate varies from evening to evening.
      </p>
      <p>Run some evenings on the tab Designs first. The planner takes the variation from them.</p>
    </div>
  );
}
