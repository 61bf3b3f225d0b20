import { saveBlob } from '../../charts/view/save.ts';
import { count, NO_VALUE } from '../../state/format.ts';
import { judgeModels, marketScorer, scoreInMarket } from '../state/judging.ts';
import { useTrain, type ModelEntry } from '../state/state.ts';
import { nameText } from '../state/knobs.ts';
import type { Study } from '../../../src/model/study/compare-models.ts';
import type { AnyHeader } from '../worker/orders.ts';
import { fileOf } from '../../../src/model/layout/recipes.ts';
import { figureOf, modelOf, OWN } from '../state/verdicts.ts';

/** Beside figures that were not measured here. */
const marks = ['†', '‡', '§', '¶', '#'] as const;

/** All models there are: the shipped ones, which the page started with, and what was trained here. */
export function ModelList() {
  const models = useTrain((s) => s.models);
  const busy = useTrain((s) => s.task !== null);
  const study = useTrain((s) => s.study);
  if (models.length === 0) return null;
  const places = placesOf(models, study);
  return (
    <section className="model-list" aria-labelledby="model-list-title">
      <div className="plot-head">
        <h3 id="model-list-title">Models</h3>
        <button type="button" className="link" disabled={busy} onClick={() => void judgeModels()}>
          Judge all on the same chats
        </button>
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Table of models">
        <table className="train-table">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Later chats: AUROC</th>
              <th scope="col">
                Squared error<small> ln s</small>
              </th>
              <th scope="col">
                Step<small> ms</small>
              </th>
              <th scope="col">
                <span className="visually-hidden">What to do with it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <Row key={model.name} model={model} places={places} busy={busy} />
            ))}
          </tbody>
        </table>
      </div>
      {places.length > 0 && (
        <p className="plot-caption">
          Not judged here yet, so as measured when they were trained:{' '}
          {places.map((place, k) => `${marks[k % marks.length]} on ${place}`).join('; ')}. Figures of
          different chats do not compare: judge all to see them side by side.
        </p>
      )}
    </section>
  );
}

interface RowProps {
  readonly model: ModelEntry;
  readonly places: readonly string[];
  readonly busy: boolean;
}

function Row({ model, places, busy }: RowProps) {
  const { name, origin, weights, trained } = model;
  const judged = useTrain((s) => s.study && modelOf(s.study, name));
  const figures = judged ? figureOf(judged, 'entire') : undefined;
  const kind = name.split(OWN)[0];
  const hasShipped = useTrain((s) => s.models.some((m) => m.origin === 'shipped' && m.name === kind));
  return (
    <tr>
      <th scope="row">
        {nameText(name)}
        <small> {origin === 'shipped' ? 'shipped' : `${count(weights.bytes.length / 1024)} KiB`}</small>
      </th>
      <td data-elsewhere={figures === undefined || undefined}>
        {figures?.auroc.estimate.toFixed(4) ?? (
          <Elsewhere header={weights.header} metric="auroc" places={places} />
        )}
      </td>
      <td data-elsewhere={figures === undefined || undefined}>
        {figures?.mse.estimate.toFixed(4) ?? (
          <Elsewhere header={weights.header} metric="mse" places={places} />
        )}
      </td>
      <td>
        {trained === undefined || Number.isNaN(trained.stepMs[0]) ? NO_VALUE : trained.stepMs[0].toFixed(1)}
      </td>
      <td className="model-actions">
        {origin === 'trained' && hasShipped && (
          <button
            type="button"
            className="link"
            disabled={busy}
            onClick={() => void judgeModels([name, kind])}
          >
            Compare with the shipped
          </button>
        )}
        {marketScorer(weights) !== null && (
          <button type="button" className="link" onClick={() => void scoreInMarket(model)}>
            Use in the market
          </button>
        )}
        <button type="button" className="link" onClick={() => saveWeights(model)}>
          Save weights
        </button>
      </td>
    </tr>
  );
}

/** A figure that the weights' own recipe carries, marked by where it was measured. */
function Elsewhere({ header, metric, places }: ElsewhereProps) {
  const value = header.metrics[`entire ${metric}`] ?? header.metrics[`later_${metric}`];
  if (value === undefined) return NO_VALUE;
  return (
    <>
      {value.toFixed(4)} <sup>{marks[places.indexOf(whereMeasured(header)) % marks.length]}</sup>
    </>
  );
}

interface ElsewhereProps {
  readonly header: AnyHeader;
  readonly metric: 'auroc' | 'mse';
  /** Where the models' figures were measured, in the order of the marks. */
  readonly places: readonly string[];
}

/** "29,040 later chats of 6 evenings (worlds 3001 to 3006)", as the recipe says. */
function whereMeasured({ metrics, recipe }: AnyHeader): string {
  const chats = metrics['entire chats'] ?? metrics.later_chats;
  const seeds = (recipe.seeds ?? recipe.trainingSeeds ?? []) as readonly number[];
  const evenings =
    seeds.length === 1
      ? `an evening (world ${seeds[0]})`
      : `${count(seeds.length)} evenings (worlds ${seeds[0]} to ${seeds.at(-1)})`;
  const label = 'later_auroc' in metrics ? ', AUROC of "longer than the median"' : '';
  return `${count(chats)} later chats of ${evenings}${label}`;
}

/** Where the figures of those models were measured that were not judged here. */
function placesOf(models: readonly ModelEntry[], study: Study | null): string[] {
  const others = models.filter((m) => study === null || modelOf(study, m.name) === undefined);
  return [...new Set(others.map((m) => whereMeasured(m.weights.header)))];
}

function saveWeights({ name, weights: { bytes, header } }: ModelEntry): void {
  const file = fileOf('name' in header ? header.name : (name.split(OWN)[0] ?? name));
  saveBlob(new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }), `${file}.bin`);
  saveBlob(new Blob([`${JSON.stringify(header, null, 2)}\n`], { type: 'application/json' }), `${file}.json`);
}
