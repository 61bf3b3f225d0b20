import type { SegmentFigures } from '../../src/model/family/evaluate.ts';
import { count, NO_VALUE, percent } from '../state/format.ts';
import type { Judgement } from './jobs.ts';
import { memberText } from './knobs.ts';
import { members } from './orders.ts';
import { publishedDelays, publishedModels } from './published.ts';
import { segments } from './segments.ts';
import { figureOf, type Judged } from './verdicts.ts';

const f4 = (x: number | undefined): string =>
  x === undefined || !Number.isFinite(x) ? NO_VALUE : x.toFixed(4);

/** "0.8412", and its interval small beneath. */
function Interval({ value }: { readonly value: SegmentFigures['auroc'] | undefined }) {
  return (
    <>
      {f4(value?.estimate)}
      {value !== undefined && 'low' in value && (
        <small className="interval">
          {f4(value.low)} to {f4(value.high)}
        </small>
      )}
    </>
  );
}

/** Squared error and AUROC of every model by segment, ours above, published below. */
export function AccuracyTable({ judged }: { readonly judged: readonly Judged[] }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Accuracy by model and segment">
      <table className="train-table">
        <thead>
          <tr>
            <th scope="col">Squared error of ln s, then AUROC</th>
            {segments.map((segment) => (
              <th scope="col" key={segment} colSpan={2}>
                {segment}
                <small> {count(figureOf(judged[0].judgement, segment)?.chats ?? 0)} chats</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {judged.map(({ label, judgement }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {segments.map((segment) => {
                const figures = figureOf(judgement, segment);
                return [
                  <td key={`${segment}-mse`}>
                    <Interval value={figures?.mse} />
                  </td>,
                  <td key={`${segment}-auroc`}>
                    <Interval value={figures?.auroc} />
                  </td>,
                ];
              })}
            </tr>
          ))}
          {members.map((member) => (
            <tr key={member} data-published="">
              <th scope="row">{memberText[member].label}, published</th>
              {segments.map((segment) =>
                publishedModels[member][segment].map((value, k) => (
                  <td key={`${segment}-${k}`}>
                    {member === 'wide-deep' ? `≈ ${value.toFixed(3)}` : value.toFixed(4)}
                  </td>
                )),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Squared error / AUROC by delay and segment, ours beside published. */
export function DelayTable({ judgement, label }: { readonly judgement: Judgement; readonly label: string }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Accuracy by delay">
      <table className="train-table">
        <thead>
          <tr>
            <th scope="col">Session vectors late by</th>
            {segments.map((segment) => (
              <th scope="col" key={segment} colSpan={2}>
                {segment}
                <small> squared error, AUROC</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {judgement.delays.map(({ delay, figures }) => (
            <tr key={delay}>
              <th scope="row">
                {label}, {delay} s
              </th>
              {segments.map((segment) => {
                const own = figures.find((f) => f.segment === segment);
                return [
                  <td key={`${segment}-mse`}>{f4(own?.mse.estimate)}</td>,
                  <td key={`${segment}-auroc`}>{f4(own?.auroc.estimate)}</td>,
                ];
              })}
            </tr>
          ))}
          {publishedDelays.map(({ delay, row }) => (
            <tr key={`published-${delay}`} data-published="">
              <th scope="row">CUPID, published, {delay} s</th>
              {segments.map((segment) =>
                row[segment].map((value, k) => <td key={`${segment}-${k}`}>{f4(value)}</td>),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const taskText = { swipe: 'Swipe', report: 'Report', friend: 'Friend request' } as const;

/** Report, friend request and swipe by segment; ranking and calibration of the length. */
export function TaskTable({ judged }: { readonly judged: readonly Judged[] }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Other tasks by model and segment">
      <table className="train-table">
        <thead>
          <tr>
            <th scope="col">Model, segment</th>
            <th scope="col">
              NDCG at 5<small> of a person's ranking</small>
            </th>
            <th scope="col">
              Calibration<small> ln s</small>
            </th>
            {Object.values(taskText).map((text) => (
              <th scope="col" key={text} colSpan={3}>
                {text}
                <small> rate, AUROC, log loss</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {judged.flatMap(({ label, judgement }) =>
            judgement.figures.map((figures) => (
              <tr key={`${label}-${figures.segment}`}>
                <th scope="row">
                  {label}
                  <small> {figures.segment}</small>
                </th>
                <td>{f4(figures.ndcg)}</td>
                <td>{f4(figures.calibration)}</td>
                {(Object.keys(taskText) as (keyof typeof taskText)[]).flatMap((task) => {
                  const own = figures.tasks[task];
                  return [
                    <td key={`${task}-rate`}>{own === undefined ? NO_VALUE : percent(own.rate)}</td>,
                    <td key={`${task}-auroc`}>{f4(own?.auroc)}</td>,
                    <td key={`${task}-loss`}>{f4(own?.logLoss)}</td>,
                  ];
                })}
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}
