import { saveBlob } from '../charts/save.ts';
import { count, NO_VALUE } from '../state/format.ts';
import { judgeModels, useTrain, type ModelEntry } from './store.ts';
import { figureOf } from './verdicts.ts';

/** All models there are: the shipped ones, which the page started with, and what was trained here. */
export function ModelList() {
  const models = useTrain((s) => s.models);
  const busy = useTrain((s) => s.task !== null);
  if (models.length === 0) return null;
  return (
    <section className="model-list" aria-labelledby="model-list-title">
      <div className="figure-head">
        <h3 id="model-list-title">Models</h3>
        <button type="button" className="link" disabled={busy} onClick={() => void judgeModels()}>
          Judge all on the same chats
        </button>
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Models">
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
              <Row key={model.id} model={model} busy={busy} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ model, busy }: { readonly model: ModelEntry; readonly busy: boolean }) {
  const { label, origin, judgement, weights, stepMs, id } = model;
  const figures = judgement === null ? undefined : figureOf(judgement, 'entire');
  const shipped = useTrain((s) => s.models.find((m) => m.origin === 'shipped' && m.member === model.member));
  return (
    <tr>
      <th scope="row">
        {label}
        <small> {origin === 'shipped' ? 'shipped' : `${count(weights.bytes.length / 1024)} KiB`}</small>
      </th>
      <td>{figures === undefined ? NO_VALUE : figures.auroc.estimate.toFixed(4)}</td>
      <td>{figures === undefined ? NO_VALUE : figures.mse.estimate.toFixed(4)}</td>
      <td>{stepMs === undefined ? NO_VALUE : stepMs[0].toFixed(1)}</td>
      <td className="model-actions">
        {origin === 'trained' && shipped !== undefined && (
          <button
            type="button"
            className="link"
            disabled={busy}
            onClick={() => void judgeModels([id, shipped.id])}
          >
            Compare with the shipped
          </button>
        )}
        <button type="button" className="link" onClick={() => saveWeights(model)}>
          Save weights
        </button>
      </td>
    </tr>
  );
}

function saveWeights({ weights: { bytes, header }, member }: ModelEntry): void {
  saveBlob(new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }), `${member}.bin`);
  saveBlob(
    new Blob([`${JSON.stringify(header, null, 2)}\n`], { type: 'application/json' }),
    `${member}.json`,
  );
}
