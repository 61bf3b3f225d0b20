import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useState } from 'react';
import { count } from '../state/format.ts';
import { CalibrationChart } from './charts/CalibrationChart.tsx';
import { DelayChart, delayFromJudgement, delayFromPublished } from './charts/DelayChart.tsx';
import { SegmentChart, type SegmentSeries } from './charts/SegmentChart.tsx';
import { SpreadChart } from './charts/SpreadChart.tsx';
import { AccuracyTable, DelayTable, TaskTable } from './JudgeTables.tsx';
import { KnobField } from './KnobField.tsx';
import { memberText } from './knobs.ts';
import { members } from './orders.ts';
import { publishedModels } from './published.ts';
import { segments } from './segments.ts';
import { judgeModels, useTrain, type ModelEntry } from './store.ts';
import {
  ablationVerdicts,
  delayVerdicts,
  figureOf,
  gainVerdict,
  orderVerdicts,
  spreadShare,
  type Judged,
  type Verdict,
} from './verdicts.ts';

export type Metric = 'auroc' | 'mse';

/** Every model on the same later chats, beside what was published: shape against shape. */
export function JudgePanel() {
  const models = useTrain((s) => s.models);
  const judged = models.flatMap((m) => (m.judgement === null ? [] : [{ ...m, judgement: m.judgement }]));
  return (
    <div className="judge">
      <Start />
      {judged.length > 0 && (
        <>
          <Accuracy judged={judged} />
          <Parts judged={judged} />
          <Late judged={judged} />
          <Lengths judged={judged} />
          <Others judged={judged} />
        </>
      )}
    </div>
  );
}

export type JudgedEntry = ModelEntry & Judged;

function Start() {
  const { judging, task, models, facts } = useTrain();
  const set = useTrain.setState;
  const change = (next: Partial<typeof judging>) =>
    set({
      judging: { ...judging, ...next },
      models: models.map((m) => ({ ...m, judgement: null })),
    });
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
          disabled={task !== null || models.every((m) => m.judgement !== null)}
          onClick={() => void judgeModels()}
        >
          {models.length === 0 ? 'No model yet: train one' : 'Judge all models'}
        </button>
      </div>
    </section>
  );
}

function Verdicts({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <ul className="verdicts">
      {verdicts.map(({ agrees, text }) => (
        <li key={text} data-agrees={agrees}>
          <b aria-label={agrees ? 'agrees' : 'differs'}>{agrees ? '=' : '≠'}</b>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

const published: readonly SegmentSeries[] = members.map((member) => ({
  name: memberText[member].label,
  values: segments.map((segment) => ({
    mse: { estimate: publishedModels[member][segment][0] },
    auroc: { estimate: publishedModels[member][segment][1] },
  })),
}));

function Accuracy({ judged }: { readonly judged: readonly JudgedEntry[] }) {
  const [metric, setMetric] = useState<Metric>('auroc');
  const ours: readonly SegmentSeries[] = judged.map(({ label, judgement }) => ({
    name: label,
    values: segments.map((segment) => figureOf(judgement, segment)),
  }));
  const gain = gainVerdict(shippedFirst(judged));
  return (
    <section className="judge-section" aria-labelledby="judge-accuracy">
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
      <Verdicts verdicts={[...orderVerdicts(shippedFirst(judged)), ...(gain === null ? [] : [gain])]} />
      <div className="judge-pair">
        <SegmentChart title="Ours" metric={metric} series={ours} name="accuracy" />
        <SegmentChart title="Published" metric={metric} series={published} name="accuracy-published" />
      </div>
      <AccuracyTable judged={judged} />
    </section>
  );
}

/** Whole models only, one of each member, the shipped before those trained here. */
function shippedFirst(judged: readonly JudgedEntry[]): JudgedEntry[] {
  const whole = judged.filter(isWhole);
  return members.flatMap((member) => {
    const own = whole.filter((j) => j.member === member);
    const first = own.find((j) => j.origin === 'shipped') ?? own.at(0);
    return first === undefined ? [] : [first];
  });
}

/** Nothing was left out of it. */
function isWhole({ judgement: { config }, member }: JudgedEntry): boolean {
  return (
    config.transform === 'exp' &&
    config.twoPhase &&
    config.tasks.length > 1 &&
    (member === 'wide-deep' || config.session !== 'none')
  );
}

function Parts({ judged }: { readonly judged: readonly JudgedEntry[] }) {
  const whole = shippedFirst(judged).find((j) => j.member === 'cupid');
  const parts = judged.filter((j) => j.member === 'cupid' && !isWhole(j));
  return (
    <section className="judge-section" aria-labelledby="judge-parts">
      <h2 id="judge-parts">What is each part worth?</h2>
      {parts.length === 0 || whole === undefined ? (
        <p className="figure-caption">
          Train CUPID once whole and once with a part left out (the switches under Train): what the part is
          worth stands here. The service never published such figures.
        </p>
      ) : (
        <Verdicts verdicts={ablationVerdicts(whole, parts)} />
      )}
    </section>
  );
}

function Late({ judged }: { readonly judged: readonly JudgedEntry[] }) {
  const first = shippedFirst(judged);
  const late =
    first.find((j) => j.member === 'cupid' && j.judgement.delays.length > 0) ??
    judged.find((j) => j.judgement.delays.length > 0);
  if (late === undefined) return null;
  const plain = first.find((j) => j.member === 'wide-deep');
  return (
    <section className="judge-section" aria-labelledby="judge-late">
      <h2 id="judge-late">What does a late session vector cost?</h2>
      <Verdicts verdicts={delayVerdicts(late, plain)} />
      <div className="judge-pair">
        <DelayChart
          title={`Ours: ${late.label}`}
          rows={delayFromJudgement(late.judgement)}
          base={plain && figureOf(plain.judgement, 'entire')?.auroc.estimate}
          name="delay"
        />
        <DelayChart
          title="Published: CUPID"
          rows={delayFromPublished()}
          base={publishedModels['wide-deep'].entire[1]}
          name="delay-published"
        />
      </div>
      <DelayTable judgement={late.judgement} label={late.label} />
    </section>
  );
}

function Lengths({ judged }: { readonly judged: readonly JudgedEntry[] }) {
  return (
    <section className="judge-section" aria-labelledby="judge-lengths">
      <h2 id="judge-lengths">Are the lengths right?</h2>
      <p className="figure-caption">
        {judged
          .map(
            ({ label, judgement }) =>
              `${label}: the predicted lengths have ${Math.round(100 * spreadShare(judgement))} % of the spread of the real ones`,
          )
          .join('; ')}
        . A mean is always less spread than what it is the mean of.
      </p>
      <div className="judge-pair">
        <SpreadChart judged={judged} />
        <CalibrationChart judged={judged} />
      </div>
    </section>
  );
}

function Others({ judged }: { readonly judged: readonly JudgedEntry[] }) {
  return (
    <section className="judge-section" aria-labelledby="judge-others">
      <h2 id="judge-others">And the other tasks?</h2>
      <TaskTable judged={judged} />
    </section>
  );
}
