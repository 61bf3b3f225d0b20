import { count, NO_VALUE, percent } from '../../state/format.ts';
import type { JudgedModel } from '../../../src/model/study/compare-models.ts';
import { nameText } from '../state/knobs.ts';
import { members } from '../worker/orders.ts';
import { publishedDelays, publishedRow } from '../state/published.ts';
import { segments } from '../state/segments.ts';
import { figureOf } from '../state/verdicts.ts';

const f4 = (x: number | undefined): string =>
  x === undefined || !Number.isFinite(x) ? NO_VALUE : x.toFixed(4);

interface Ranged {
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
}

/** "0.8412", and its interval small beneath. */
function Interval({ value }: { readonly value: Ranged | undefined }) {
  return (
    <>
      {f4(value?.estimate)}
      {value?.low !== undefined && Number.isFinite(value.low) && (
        <small className="interval">
          {f4(value.low)} to {f4(value.high)}
        </small>
      )}
    </>
  );
}

/** Squared error and AUROC of every model by segment, ours above, published below. */
export function AccuracyTable({ judged }: { readonly judged: readonly JudgedModel[] }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Accuracy by model and segment">
      <table className="train-table">
        <thead>
          <tr>
            <th scope="col">Squared error of ln s, then AUROC</th>
            {segments.map((segment) => (
              <th scope="col" key={segment} colSpan={2}>
                {segment}
                <small> {count(figureOf(judged[0], segment)?.chats ?? 0)} chats</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {judged.map((model) => (
            <tr key={model.model}>
              <th scope="row">{nameText(model.model)}</th>
              {segments.map((segment) => {
                const figures = figureOf(model, segment);
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
              <th scope="row">{nameText(member)}, published</th>
              {segments.map((segment) =>
                (['mse', 'auroc'] as const).map((metric) => {
                  const value = publishedRow(member)[metric][segment];
                  return (
                    <td key={`${segment}-${metric}`}>
                      {member === 'wide-deep' ? `≈ ${value.toFixed(3)}` : value.toFixed(4)}
                    </td>
                  );
                }),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Squared error / AUROC by delay and segment, ours beside published. */
export function DelayTable({ model }: { readonly model: JudgedModel }) {
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
          {(model.delays ?? []).map(({ delay, figures }) => (
            <tr key={delay}>
              <th scope="row">
                {nameText(model.model)}, {delay} s
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
          {publishedDelays.map((delay) => (
            <tr key={`published-${delay}`} data-published="">
              <th scope="row">CUPID, published, {delay} s</th>
              {segments.map((segment) =>
                (['mse', 'auroc'] as const).map((metric) => (
                  <td key={`${segment}-${metric}`}>{f4(publishedRow('cupid', delay)[metric][segment])}</td>
                )),
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
export function TaskTable({ judged }: { readonly judged: readonly JudgedModel[] }) {
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
          {judged.flatMap(({ model, figures: all }) =>
            all.map((figures) => (
              <tr key={`${model}-${figures.segment}`}>
                <th scope="row">
                  {nameText(model)}
                  <small> {figures.segment}</small>
                </th>
                <td>
                  <Interval value={figures.intervals?.ndcg ?? { estimate: figures.ndcg }} />
                </td>
                <td>
                  <Interval value={figures.intervals?.calibration ?? { estimate: figures.calibration }} />
                </td>
                {(Object.keys(taskText) as (keyof typeof taskText)[]).flatMap((task) => {
                  const own = figures.tasks[task];
                  return [
                    <td key={`${task}-rate`}>{own === undefined ? NO_VALUE : percent(own.rate)}</td>,
                    <td key={`${task}-auroc`}>
                      <Interval value={own?.intervals.auroc} />
                    </td>,
                    <td key={`${task}-loss`}>
                      <Interval value={own?.intervals.logLoss} />
                    </td>,
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
