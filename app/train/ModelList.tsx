import { saveBlob } from '../charts/save.ts';
import { count, NO_VALUE } from '../state/format.ts';
import { judgeModels, scoreInMarket, useTrain, type ModelEntry } from './store.ts';
import { nameText } from './knobs.ts';
import { fileOf } from '../../src/model/family/recipe.ts';
import { figureOf, modelOf, OWN } from './verdicts.ts';

/** All models there are: the shipped ones, which the page started with, and what was trained here. */
export function ModelList() {
  const models = useTrain((s) => s.models);
  const busy = useTrain((s) => s.task !== null);
  if (models.length === 0) return null;
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
              <Row key={model.name} model={model} busy={busy} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ model, busy }: { readonly model: ModelEntry; readonly busy: boolean }) {
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
      <td>{figures === undefined ? NO_VALUE : figures.auroc.estimate.toFixed(4)}</td>
      <td>{figures === undefined ? NO_VALUE : figures.mse.estimate.toFixed(4)}</td>
      <td>{trained === undefined ? NO_VALUE : trained.stepMs[0].toFixed(1)}</td>
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
        <button type="button" className="link" onClick={() => void scoreInMarket(model)}>
          Use in the market
        </button>
        <button type="button" className="link" onClick={() => saveWeights(model)}>
          Save weights
        </button>
      </td>
    </tr>
  );
}

function saveWeights({ weights: { bytes, header } }: ModelEntry): void {
  const file = fileOf(header.name);
  saveBlob(new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }), `${file}.bin`);
  saveBlob(new Blob([`${JSON.stringify(header, null, 2)}\n`], { type: 'application/json' }), `${file}.json`);
}
