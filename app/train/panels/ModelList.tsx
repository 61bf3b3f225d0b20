import type { Study } from '../../../src/model/study/compare-models.ts';
import { fileOf } from '../../../src/model/layout/recipes.ts';
import { saveBlob } from '../../charts/view/save.ts';
import { count, NO_VALUE } from '../../state/format.ts';
import { kindOf, nameText } from '../names.ts';
import { judgeModels, marketScorer, scoreInMarket } from '../state/judging.ts';
import { useTrain, type ModelEntry } from '../state/store.ts';
import { figureOf, modelOf } from '../state/verdicts.ts';
import type { Weights } from '../worker/protocol.ts';
import { DataTable } from './DataTable.tsx';

type Header = Weights['header'];

/** Footnote marks of figures that were measured elsewhere. */
const marks = ['†', '‡', '§', '¶', '#'] as const;

/** All models: the shipped ones, and those that were trained here. */
export function ModelList() {
  const models = useTrain((s) => s.models);
  const busy = useTrain((s) => s.task !== null);
  const study = useTrain((s) => s.study);
  if (models.length === 0) return null;
  const places = placesOf(models, study);
  return (
    <section className="room-section" aria-labelledby="model-list-title">
      <div className="room-head">
        <h3 id="model-list-title">Models</h3>
        <button type="button" className="link" disabled={busy} onClick={() => void judgeModels()}>
          Judge all on the same chats
        </button>
      </div>
      <DataTable
        label="Table of models"
        head={[
          { text: 'Model' },
          { text: 'Later chats: AUROC' },
          { text: 'Squared error', note: 'ln s' },
          { text: 'Step', note: 'ms' },
          { text: <span className="visually-hidden">Actions</span> },
        ]}
        groups={[{ rows: models.map((model) => rowOf(model, models, study, places, busy)) }]}
      />
      {places.length > 0 && (
        <p className="room-caption">
          Not judged here yet, so as measured when they were trained:{' '}
          {places.map((place, k) => `${marks[k % marks.length]} on ${place}`).join('; ')}. Figures of
          different chats cannot be compared. Judge all models to compare them.
        </p>
      )}
    </section>
  );
}

function rowOf(
  model: ModelEntry,
  models: readonly ModelEntry[],
  study: Study | null,
  places: readonly string[],
  busy: boolean,
) {
  const { name, origin, weights, stepMs } = model;
  const figures = study === null ? undefined : figureOf(modelOf(study, name), 'entire');
  const kind = kindOf(name);
  const hasShipped = models.some((m) => m.origin === 'shipped' && m.name === kind);
  const step = stepMs?.[0] ?? NaN;
  return {
    name: nameText(name),
    note: origin === 'shipped' ? 'shipped' : `${count(weights.bytes.length / 1024)} KiB`,
    cells: [
      ...(['auroc', 'mse'] as const).map(
        (metric) =>
          figures?.[metric].estimate.toFixed(4) ?? (
            <MeasuredElsewhere key={metric} header={weights.header} metric={metric} places={places} />
          ),
      ),
      Number.isNaN(step) ? NO_VALUE : step.toFixed(1),
      <span key="actions" className="model-actions">
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
      </span>,
    ],
  };
}

interface ElsewhereProps {
  readonly header: Header;
  readonly metric: 'auroc' | 'mse';
  /** Where figures were measured, in the order of their footnote marks. */
  readonly places: readonly string[];
}

/** A figure from the header of the weights, with the footnote mark of its place. */
function MeasuredElsewhere({ header, metric, places }: ElsewhereProps) {
  const value = header.metrics[`entire ${metric}`] ?? header.metrics[`later_${metric}`];
  if (value === undefined) return NO_VALUE;
  return (
    <span className="elsewhere">
      {value.toFixed(4)} <sup>{marks[places.indexOf(placeOf(header)) % marks.length]}</sup>
    </span>
  );
}

/** "29,040 later chats of 6 evenings (worlds 3001 to 3006)", from the recipe in the header. */
function placeOf({ metrics, recipe }: Header): string {
  const chats = metrics['entire chats'] ?? metrics.later_chats;
  const seeds = (recipe.seeds ?? recipe.trainingSeeds ?? []) as readonly number[];
  const evenings =
    seeds.length === 1
      ? `an evening (world ${seeds[0]})`
      : `${count(seeds.length)} evenings (worlds ${seeds[0]} to ${seeds.at(-1)})`;
  const label = 'later_auroc' in metrics ? ', AUROC of "longer than the median"' : '';
  return `${count(chats)} later chats of ${evenings}${label}`;
}

/** Where the figures of the models were measured that were not judged here. */
function placesOf(models: readonly ModelEntry[], study: Study | null): string[] {
  const others = models.filter((m) => study === null || modelOf(study, m.name) === undefined);
  return [...new Set(others.map((m) => placeOf(m.weights.header)))];
}

function saveWeights({ name, weights: { bytes, header } }: ModelEntry): void {
  const file = fileOf('name' in header ? header.name : kindOf(name));
  saveBlob(new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }), `${file}.bin`);
  saveBlob(new Blob([`${JSON.stringify(header, null, 2)}\n`], { type: 'application/json' }), `${file}.json`);
}
