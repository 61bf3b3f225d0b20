import { count, NO_VALUE, percent } from '../../state/format.ts';
import type { JudgedModel } from '../../../src/model/study/compare-models.ts';
import { nameText } from '../names.ts';
import { members } from '../settings.ts';
import { publishedDelays, publishedRow, segments } from '../state/published.ts';
import { figureOf } from '../state/verdicts.ts';
import { DataTable, fourDecimals, IntervalText } from './DataTable.tsx';

interface Props {
  readonly judged: readonly JudgedModel[];
}

const metrics = ['mse', 'auroc'] as const;

/** Squared error and AUROC by model and segment: ours, then the published ones. */
export function AccuracyTable({ judged }: Props) {
  const own = judged.map((model) => ({
    name: nameText(model.model),
    cells: segments.flatMap((segment) =>
      metrics.map((metric) => <IntervalText key={metric} value={figureOf(model, segment)?.[metric]} />),
    ),
  }));
  const published = members.map((member) => ({
    name: `${nameText(member)}, published`,
    published: true,
    cells: segments.flatMap((segment) =>
      metrics.map((metric) => {
        const value = publishedRow(member)[metric][segment];
        // The figures of Wide&Deep were read off a chart.
        return member === 'wide-deep' ? `≈ ${value.toFixed(3)}` : value.toFixed(4);
      }),
    ),
  }));
  return (
    <DataTable
      label="Accuracy by model and segment"
      head={[
        { text: 'Squared error of ln s, then AUROC' },
        ...segments.map((segment) => ({
          text: segment,
          note: `${count(figureOf(judged[0], segment)?.chats ?? 0)} chats`,
          span: 2,
        })),
      ]}
      groups={[{ rows: [...own, ...published] }]}
    />
  );
}

/** Squared error and AUROC by delay and segment: ours, then the published ones. */
export function DelayTable({ model }: { readonly model: JudgedModel }) {
  const own = (model.delays ?? []).map(({ delay, figures }) => ({
    name: `${nameText(model.model)}, ${delay} s`,
    cells: segments.flatMap((segment) =>
      metrics.map((m) => fourDecimals(figures.find((f) => f.segment === segment)?.[m].estimate)),
    ),
  }));
  const published = publishedDelays.map((delay) => ({
    name: `CUPID, published, ${delay} s`,
    published: true,
    cells: segments.flatMap((segment) =>
      metrics.map((m) => fourDecimals(publishedRow('cupid', delay)[m][segment])),
    ),
  }));
  return (
    <DataTable
      label="Accuracy by delay"
      head={[
        { text: 'Session vectors late by' },
        ...segments.map((segment) => ({ text: segment, note: 'squared error, AUROC', span: 2 })),
      ]}
      groups={[{ rows: [...own, ...published] }]}
    />
  );
}

const taskText = { swipe: 'Swipe', report: 'Report', friend: 'Friend request' } as const;
const tasks = Object.keys(taskText) as (keyof typeof taskText)[];

/** Ranking and calibration of the length, and the other tasks, by model and segment. */
export function TaskTable({ judged }: Props) {
  const rows = judged.flatMap(({ model, figures: all }) =>
    all.map((figures) => ({
      name: nameText(model),
      note: figures.segment,
      cells: [
        <IntervalText key="ndcg" value={figures.intervals?.ndcg ?? { estimate: figures.ndcg }} />,
        <IntervalText
          key="calibration"
          value={figures.intervals?.calibration ?? { estimate: figures.calibration }}
        />,
        ...tasks.flatMap((task) => {
          const own = figures.tasks[task];
          return [
            own === undefined ? NO_VALUE : percent(own.rate),
            <IntervalText key={`${task} auroc`} value={own?.intervals.auroc} />,
            <IntervalText key={`${task} loss`} value={own?.intervals.logLoss} />,
          ];
        }),
      ],
    })),
  );
  return (
    <DataTable
      label="Other tasks by model and segment"
      head={[
        { text: 'Model, segment' },
        { text: 'NDCG at 5', note: "of a person's ranking" },
        { text: 'Calibration', note: 'ln s' },
        ...tasks.map((task) => ({ text: taskText[task], note: 'rate, AUROC, log loss', span: 3 })),
      ]}
      groups={[{ rows }]}
    />
  );
}
