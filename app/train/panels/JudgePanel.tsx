import type { JudgedModel, Study } from '../../../src/model/study/compare-models.ts';
import { count } from '../../state/format.ts';
import { nameText } from '../names.ts';
import { judgeModels } from '../state/judging.ts';
import { useTrain } from '../state/store.ts';
import {
  accuracyTable,
  calibrationTable,
  delayTable,
  lengthsTable,
  publishedAccuracy,
  publishedDelay,
} from '../state/tables.ts';
import {
  delayVerdicts,
  figureOf,
  gainVerdicts,
  modelOf,
  orderVerdicts,
  ownVerdicts,
  partVerdicts,
  spreadShare,
} from '../state/verdicts.ts';
import { AccuracyTable, DelayTable, TaskTable } from './JudgeTables.tsx';
import { RoomKnobs } from './Knobs.tsx';
import { LatencySection } from './LatencySection.tsx';
import { MarketSection } from './MarketSection.tsx';
import { RoomChart, useTables } from '../../room/RoomChart.tsx';
import { Verdicts } from './Verdicts.tsx';

/** All models on the same later chats, beside the published figures. */
export function JudgePanel() {
  const study = useTrain((s) => s.study);
  return (
    <div className="judge">
      <Start />
      {study !== null && (
        <>
          <Accuracy study={study} />
          <Parts study={study} />
          <Late study={study} />
          <Lengths study={study} />
          <section className="judge-section" aria-labelledby="judge-others">
            <h2 id="judge-others">How good are the other predictions?</h2>
            <TaskTable judged={study.models} />
          </section>
        </>
      )}
      <LatencySection />
      <MarketSection />
    </div>
  );
}

function Start() {
  const busy = useTrain((s) => s.task !== null);
  const facts = useTrain((s) => s.facts);
  return (
    <section className="judge-section" aria-label="What is judged">
      <p className="judge-lead">
        Each model predicts the later chats of the simulated evenings. No model was trained on them. Intervals
        are 95&nbsp;% by bootstrap over chats.{' '}
        {facts !== null && `${count(facts.test)} chats of ${count(facts.people)} people judge.`} The published
        service had other people: compare the order and the differences, not the values.
      </p>
      <div className="judge-start">
        <RoomKnobs group="judging" />
        <button type="button" className="button primary" disabled={busy} onClick={() => void judgeModels()}>
          Judge all models
        </button>
      </div>
    </section>
  );
}

const publishedAccuracyTables = [publishedAccuracy];
const publishedDelayTables = [publishedDelay];
const accuracyTables = ({ models }: Study) => [accuracyTable(models)];

function Accuracy({ study }: { readonly study: Study }) {
  const tables = useTables(study, accuracyTables);
  return (
    <section className="judge-section" aria-labelledby="judge-accuracy">
      <h2 id="judge-accuracy">Who predicts best?</h2>
      <Verdicts verdicts={[...orderVerdicts(study), ...gainVerdicts(study), ...ownVerdicts(study)]} />
      <div className="judge-pair">
        <RoomChart title="Ours" view="training-accuracy" tables={tables} />
        <RoomChart title="Published" view="training-accuracy" tables={publishedAccuracyTables} />
      </div>
      <AccuracyTable judged={study.models} />
    </section>
  );
}

function Parts({ study }: { readonly study: Study }) {
  const verdicts = partVerdicts(study);
  return (
    <section className="judge-section" aria-labelledby="judge-parts">
      <h2 id="judge-parts">What is each part worth?</h2>
      <p className="room-caption">
        {verdicts.length === 0
          ? 'Judge all models, or train CUPID without one of its parts (the switches under Train). Its value then appears here.'
          : 'CUPID without one of its parts against the whole model, paired on the same chats. The service never published such figures.'}
      </p>
      <Verdicts verdicts={verdicts} />
    </section>
  );
}

const lateModel = (study: Study): JudgedModel | undefined =>
  modelOf(study, 'cupid') ?? study.models.find((m) => m.delays !== undefined);
const delayTables = (study: Study) => {
  const late = lateModel(study);
  const base = figureOf(modelOf(study, 'wide-deep'), 'entire')?.auroc.estimate;
  return late === undefined ? [] : [delayTable(late, base)];
};

function Late({ study }: { readonly study: Study }) {
  const tables = useTables(study, delayTables);
  const late = lateModel(study);
  if (late?.delays === undefined) return null;
  return (
    <section className="judge-section" aria-labelledby="judge-late">
      <h2 id="judge-late">What does a late session vector cost?</h2>
      <Verdicts verdicts={delayVerdicts(study, late)} />
      <div className="judge-pair">
        <RoomChart title={`Ours: ${nameText(late.model)}`} view="training-delay" tables={tables} />
        <RoomChart title="Published: CUPID" view="training-delay" tables={publishedDelayTables} />
      </div>
      <DelayTable model={late} />
    </section>
  );
}

/** The ablation without the exponential transform changes the predicted lengths; others do not. */
const lengthsTables = ({ models }: Study) => [
  lengthsTable(models.filter((m) => !m.model.startsWith('cupid, ') || m.model.includes('transform'))),
];
const calibrationTables = ({ models }: Study) => [
  calibrationTable(models.filter((m) => !m.model.startsWith('cupid, '))),
];

function Lengths({ study }: { readonly study: Study }) {
  const lengths = useTables(study, lengthsTables);
  const calibration = useTables(study, calibrationTables);
  const shares = study.models.map((m) => `${nameText(m.model)} ${Math.round(100 * spreadShare(m))} %`);
  return (
    <section className="judge-section" aria-labelledby="judge-lengths">
      <h2 id="judge-lengths">Are the lengths right?</h2>
      <p className="room-caption">
        Spread of the predicted lengths, as a share of the spread of the real ones: {shares.join('; ')}. A
        model predicts means, and means spread less than the lengths themselves.
      </p>
      <div className="judge-pair">
        <RoomChart title="Predicted and real" view="training-lengths" tables={lengths} />
        <RoomChart title="Calibration" view="training-calibration" tables={calibration} />
      </div>
    </section>
  );
}
