import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useState } from 'react';
import { count } from '../../state/format.ts';
import type { JudgedModel, Study } from '../../../src/model/study/compare-models.ts';
import { CalibrationChart } from '../charts/CalibrationChart.tsx';
import { DelayChart, delaysOf, publishedDelayRows } from '../charts/DelayChart.tsx';
import { SegmentChart, type SegmentSeries } from '../charts/SegmentChart.tsx';
import { SpreadChart } from '../charts/SpreadChart.tsx';
import { AccuracyTable, DelayTable, TaskTable } from './JudgeTables.tsx';
import { KnobField } from './KnobField.tsx';
import { nameText } from '../state/knobs.ts';
import { members } from '../worker/orders.ts';
import { publishedRow } from '../state/published.ts';
import { segments } from '../state/segments.ts';
import { LatencySection } from './LatencySection.tsx';
import { MarketSection } from './MarketSection.tsx';
import { judgeModels } from '../state/judging.ts';
import { useTrain } from '../state/state.ts';
import { Verdicts } from './Verdicts.tsx';
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

type Metric = 'auroc' | 'mse';

/** Every model on the same later chats, beside what was published: shape against shape. */
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
          <Lengths judged={study.models} />
          <section className="judge-section" aria-labelledby="judge-others">
            <h2 id="judge-others">And the other tasks?</h2>
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
  const { judging, task, facts } = useTrain();
  const set = useTrain.setState;
  const change = (next: Partial<typeof judging>) => set({ judging: { ...judging, ...next }, study: null });
  return (
    <section className="judge-section" aria-label="What is judged">
      <p className="judge-lead">
        Each model predicts the later chats of the simulated evenings, which none was trained on; intervals
        are 95&nbsp;% by bootstrap over chats.{' '}
        {facts !== null && `${count(facts.test)} chats judge, of ${count(facts.people)} people.`} The
        published service had other people: look at the shape, not at the level.
      </p>
      <div className="judge-start">
        <KnobField
          info={{
            key: 'cold',
            label: 'Cold below',
            help: 'Fewer chats in life, when the evening began.',
            unit: 'chats',
            min: 1,
            max: 1000,
            step: 1,
          }}
          value={judging.coldBelow}
          onChange={(coldBelow) => change({ coldBelow })}
        />
        <KnobField
          info={{
            key: 'long',
            label: 'Long from',
            help: "AUROC's label: longer than this.",
            unit: 's',
            min: 1,
            max: 7200,
            step: 5,
          }}
          value={judging.longSeconds}
          onChange={(longSeconds) => change({ longSeconds })}
        />
        <KnobField
          info={{
            key: 'replicates',
            label: 'Resamples',
            help: 'Of the bootstrap; more take longer.',
            unit: '',
            min: 20,
            max: 5000,
            step: 20,
          }}
          value={judging.replicates}
          onChange={(replicates) => change({ replicates })}
        />
        <button
          type="button"
          className="button primary"
          disabled={task !== null}
          onClick={() => void judgeModels()}
        >
          Judge all models
        </button>
      </div>
    </section>
  );
}

/** The published figures; a model looks as it does among ours. */
const publishedBeside = ({ models }: Study): readonly SegmentSeries[] =>
  members.map((member, k) => ({
    name: nameText(member),
    look: models.some((m) => m.model === member) ? models.findIndex((m) => m.model === member) : k,
    values: segments.map((segment) => ({
      mse: { estimate: publishedRow(member).mse[segment] },
      auroc: { estimate: publishedRow(member).auroc[segment] },
    })),
  }));

function Accuracy({ study }: { readonly study: Study }) {
  const [metric, setMetric] = useState<Metric>('auroc');
  const ours: readonly SegmentSeries[] = study.models.map((model) => ({
    name: nameText(model.model),
    values: segments.map((segment) => figureOf(model, segment)),
  }));
  return (
    <section className="judge-section" aria-labelledby="judge-accuracy">
      <div className="plot-head">
        <h2 id="judge-accuracy">Who predicts best?</h2>
        <ToggleGroup
          className="choices judge-metric"
          aria-label="Figure"
          value={[metric]}
          onValueChange={([next]) => {
            if (next !== undefined) setMetric(next);
          }}
        >
          <Toggle value="auroc" className="choice">
            AUROC
          </Toggle>
          <Toggle value="mse" className="choice">
            Squared error
          </Toggle>
        </ToggleGroup>
      </div>
      <Verdicts verdicts={[...orderVerdicts(study), ...gainVerdicts(study), ...ownVerdicts(study)]} />
      <div className="judge-pair">
        <SegmentChart title="Ours" metric={metric} series={ours} name="accuracy" />
        <SegmentChart
          title="Published"
          metric={metric}
          series={publishedBeside(study)}
          name="accuracy-published"
        />
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
      <p className="plot-caption">
        {verdicts.length === 0
          ? 'Judge all models, or train CUPID with a part left out (the switches under Train): what the part is worth stands here.'
          : 'CUPID without one of its parts against the whole, paired on the same chats. The service never published such figures.'}
      </p>
      <Verdicts verdicts={verdicts} />
    </section>
  );
}

function Late({ study }: { readonly study: Study }) {
  const late = modelOf(study, 'cupid') ?? study.models.find((m) => m.delays !== undefined);
  if (late?.delays === undefined) return null;
  const plain = modelOf(study, 'wide-deep');
  return (
    <section className="judge-section" aria-labelledby="judge-late">
      <h2 id="judge-late">What does a late session vector cost?</h2>
      <Verdicts verdicts={delayVerdicts(study, late)} />
      <div className="judge-pair">
        <DelayChart
          title={`Ours: ${nameText(late.model)}`}
          rows={delaysOf(late)}
          base={plain && figureOf(plain, 'entire')?.auroc.estimate}
          name="delay"
        />
        <DelayChart
          title="Published: CUPID"
          rows={publishedDelayRows}
          base={publishedRow('wide-deep').auroc.entire}
          name="delay-published"
        />
      </div>
      <DelayTable model={late} />
    </section>
  );
}

function Lengths({ judged }: { readonly judged: readonly JudgedModel[] }) {
  return (
    <section className="judge-section" aria-labelledby="judge-lengths">
      <h2 id="judge-lengths">Are the lengths right?</h2>
      <p className="plot-caption">
        Spread of the predicted lengths, as a share of the real ones':{' '}
        {judged.map((m) => `${nameText(m.model)} ${Math.round(100 * spreadShare(m))} %`).join('; ')}. What is
        predicted is a mean, and less spread than what it is the mean of.
      </p>
      <div className="judge-pair">
        <SpreadChart
          judged={judged.filter((m) => !m.model.startsWith('cupid, ') || m.model.includes('transform'))}
        />
        <CalibrationChart judged={judged.filter((m) => !m.model.startsWith('cupid, '))} />
      </div>
    </section>
  );
}
