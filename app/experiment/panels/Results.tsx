import { useMemo, type CSSProperties } from 'react';
import type { OutcomeName } from '../../../src/experiment/run/names.ts';
import { RoomChart } from '../../room/RoomChart.tsx';
import { designTables, isFinished, linesOf, reportOn } from '../state/figures.ts';
import { verdictOf } from '../state/sentences.ts';
import { useExperiment, type ExperimentRun } from '../state/store.ts';
import { Examples } from './Examples.tsx';
import { Exports } from './Exports.tsx';
import { FigureRows } from './FigureRows.tsx';
import { MetricChoice } from './MetricChoice.tsx';

/** What the designs report, evening by evening, beside the truth. */
export function Results() {
  const run = useExperiment((s) => s.run);
  const metric = useExperiment((s) => s.metric);
  return run === null ? <Welcome /> : <RunResults run={run} metric={metric} />;
}

function RunResults({ run, metric }: { readonly run: ExperimentRun; readonly metric: OutcomeName }) {
  const { report, lines, tables, verdict } = useMemo(() => {
    const own = reportOn(run, metric);
    const all = linesOf(run, own, metric);
    return {
      ...{ report: own, lines: all },
      tables: own === null ? [] : designTables(all, own, metric),
      verdict: own === null ? null : verdictOf(own, all, metric, isFinished(run)),
    };
  }, [run, metric]);
  return (
    <>
      <div className="experiment-head">
        <h2 className="experiment-verdict">{verdict?.head ?? 'The first evening is running.'}</h2>
        <p className="experiment-more">{verdict?.more ?? 'It shows up here as one dot per design.'}</p>
        <MetricChoice />
      </div>
      <div className="design-chart" style={{ '--rows': lines.length } as CSSProperties}>
        <RoomChart title="What each design reports" view="experiment-designs" tables={tables} />
      </div>
      {report !== null && <FigureRows lines={lines} metric={metric} />}
      <Exports run={run} />
    </>
  );
}

function Welcome() {
  return (
    <div className="experiment-welcome">
      <h2 className="experiment-verdict">Which experiment tells the truth about a shared pool?</h2>
      <p>
        Everybody here takes partners from the same pool. A test that gives B to half of the people also
        changes what the other half finds, so its answer can be far from what B does to everybody.
      </p>
      <p>
        A laboratory can do what no market can: live through the same evening twice, once with everybody under
        A and once with everybody under B. That difference is the truth. Every design of an experiment then
        stands beside it, with one dot per evening.
      </p>
      <p>Open an example, or choose B and the designs and run the evenings.</p>
      <Examples />
    </div>
  );
}
