import type { SegmentFigures } from '../../../src/model/train/judge-family.ts';
import type { Gain, JudgedModel, Study } from '../../../src/model/study/compare-models.ts';
import { nameText } from './knobs.ts';
import type { Member } from '../worker/orders.ts';
import { publishedRow } from './published.ts';
import { segments, type Segment } from './segments.ts';

/** Sentences about figures, computed from them: where our market has the published shape, and where it has not. */
export interface Verdict {
  readonly agrees: boolean;
  readonly text: string;
}

export function figureOf(model: JudgedModel, segment: Segment): SegmentFigures | undefined {
  return model.figures.find((f) => f.segment === segment);
}

export const modelOf = ({ models }: Study, name: string): JudgedModel | undefined =>
  models.find((m) => m.model === name);

interface Range {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

const signed = (x: number, digits = 3): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(digits)}`;
const range = ({ estimate, low, high }: Range): string =>
  `${signed(estimate)} (${signed(low)} to ${signed(high)})`;

const gainOf = ({ gains }: Study, better: string, worse: string, segment: Segment): Gain | undefined =>
  gains.find((g) => g.better === better && g.worse === worse && g.segment === segment);

/** By how much one published model is above another in AUROC, where both were published. */
function publishedGain(better: Member, worse: Member, segment: Segment): number | null {
  return worse === 'factors' || better === 'factors'
    ? null
    : publishedRow(better).auroc[segment] - publishedRow(worse).auroc[segment];
}

/** Published: every step of the family is better than the one before, on all chats. */
export function orderVerdicts(study: Study): Verdict[] {
  const steps = [
    ['wide-deep', 'factors'],
    ['wide-deep-s', 'wide-deep'],
    ['cupid', 'wide-deep-s'],
  ] as const;
  return steps.flatMap(([better, worse]) => {
    const gain = gainOf(study, better, worse, 'entire')?.auroc;
    if (gain === undefined) return [];
    const said = publishedGain(better, worse, 'entire');
    return [
      {
        agrees: gain.low > 0,
        text: `${nameText(better)} over ${nameText(worse)}, AUROC on all chats: ${range(gain)}${said === null ? '' : `; published ${signed(said)}`}. ${
          gain.low > 0
            ? 'The published order, beyond the interval.'
            : gain.estimate > 0
              ? 'The published order, but the interval holds zero: it may be chance.'
              : 'Our order differs from the published one.'
        }`,
      },
    ];
  });
}

/** Published: CUPID gains most over Wide&Deep where both are new. */
export function gainVerdicts(study: Study): Verdict[] {
  const gains = segments.slice(1).flatMap((segment) => {
    const auroc = gainOf(study, 'cupid', 'wide-deep', segment)?.auroc;
    return auroc === undefined || !Number.isFinite(auroc.estimate) ? [] : [{ segment, auroc }];
  });
  if (gains.length < 2) return [];
  const most = gains.reduce((x, y) => (y.auroc.estimate > x.auroc.estimate ? y : x));
  const list = gains
    .map(
      ({ segment, auroc }) =>
        `${segment} ${range(auroc)} (published ${signed(publishedGain('cupid', 'wide-deep', segment)!)})`,
    )
    .join(', ');
  const agrees = most.segment === 'cold-cold' && most.auroc.low > 0;
  return [
    {
      agrees,
      text: `CUPID over ${nameText('wide-deep')}, AUROC: ${list}. ${agrees ? 'As published, the gain is largest where both are new.' : `Published, it is largest where both are new; here, ${most.segment}.`}`,
    },
    ...study.contrasts
      .filter((c) => c.better === 'cupid' && c.segment === 'cold-cold')
      .map(({ than, auroc }) => ({
        agrees: auroc.low > 0,
        text: `That gain on cold-cold less the gain on ${than}: ${range(auroc)}; ${auroc.low > 0 ? 'larger beyond its interval.' : auroc.estimate > 0 ? 'larger, but the interval holds zero.' : 'not larger here.'}`,
      })),
  ];
}

/** Published: a small step at any delay, flat from 2 to 8 s, a further small step at 16 s, still above Wide&Deep. */
export function delayVerdicts(study: Study, model: JudgedModel): Verdict[] {
  const late = (delay: number) => model.delays?.find((d) => d.delay === delay);
  const said = (delay: number) => publishedRow('cupid', delay).auroc.entire;
  const [two, eight, sixteen] = [late(2), late(8), late(16)];
  if (!two || !eight || !sixteen) return [];
  const name = nameText(model.model);
  const flat = two.cost.auroc.estimate - eight.cost.auroc.estimate;
  const isFlat = Math.abs(flat) <= Math.max(0.0015, Math.abs(two.cost.auroc.estimate));
  const minus = ({ estimate, low, high }: Range): Range => ({
    estimate: -estimate,
    low: -high,
    high: -low,
  });
  const verdicts: Verdict[] = [
    {
      agrees: two.cost.auroc.low > 0,
      text: `${name} with vectors 2 s late, AUROC: ${range(minus(two.cost.auroc))}; published ${signed(said(2) - said(0), 4)}. ${two.cost.auroc.low > 0 ? 'Any delay costs a step, as published.' : 'Published, any delay costs a step; here the interval holds zero.'}`,
    },
    {
      agrees: isFlat,
      text: `From 2 to 8 s: ${signed(flat, 4)}; published ${signed(said(8) - said(2), 4)}. ${isFlat ? 'Nearly flat, as published.' : 'Published, this stretch is nearly flat; here it is not: more of our people are back in the pool before a vector of 8 s is.'}`,
    },
  ];
  const base = modelOf(study, 'wide-deep') && figureOf(modelOf(study, 'wide-deep')!, 'entire')?.auroc;
  const there = sixteen.figures.find((f) => f.segment === 'entire')?.auroc.estimate;
  if (base !== undefined && there !== undefined) {
    const high = 'high' in base ? base.high : base.estimate;
    verdicts.push({
      agrees: there > high,
      text: `16 s late it is ${signed(there - base.estimate)} from ${nameText('wide-deep')}; published ${signed(said(16) - publishedRow('wide-deep').auroc.entire)}. ${there > high ? 'Still above, beyond the interval, as published.' : there > base.estimate ? 'Above, but within the interval.' : 'Published, it stays far above; here it does not.'}`,
    });
  }
  return verdicts;
}

/** What a part is worth: CUPID against itself without it, paired on the same chats. The service published no such figures. */
export function partVerdicts({ gains }: Study): Verdict[] {
  return gains
    .filter((g) => g.segment === 'entire' && g.better === 'cupid' && g.worse.startsWith('cupid, '))
    .map(({ worse, auroc, mse }) => {
      const clear = auroc.low > 0 || mse.low > 0;
      return {
        agrees: clear,
        text: `${nameText(worse)}: AUROC ${range({ estimate: -auroc.estimate, low: -auroc.high, high: -auroc.low })}, squared error ${range(mse)} against the whole; ${clear ? 'worse, beyond an interval.' : 'no difference beyond the intervals.'}`,
      };
    });
}

/** Models trained here against the shipped ones of the same kind. */
export function ownVerdicts({ gains }: Study): Verdict[] {
  return gains
    .filter((g) => g.segment === 'entire' && g.better.includes(OWN))
    .map(({ better, worse, auroc, mse }) => ({
      agrees: auroc.high >= 0,
      text: `${nameText(better)} against the shipped ${nameText(worse)}: AUROC ${range(auroc)}, squared error ${range({ estimate: -mse.estimate, low: -mse.high, high: -mse.low })}. ${
        auroc.low > 0
          ? 'Better, beyond the interval.'
          : auroc.high < 0
            ? 'Worse, beyond the interval.'
            : 'No difference beyond the interval.'
      }`,
    }));
}

/** Marks the name of a model that was trained here. */
export const OWN = ' · yours ';

/** How far the predicted lengths reach beside the real ones: share of the real spread (standard deviation of ln seconds). */
export function spreadShare({ lengths: { edges, real, predicted } }: JudgedModel): number {
  const deviation = (counts: readonly number[]): number => {
    let n = 0;
    let sum = 0;
    let squares = 0;
    counts.forEach((c, k) => {
      const x = (edges[k] + edges[k + 1]) / 2;
      n += c;
      sum += c * x;
      squares += c * x * x;
    });
    return Math.sqrt(squares / n - (sum / n) ** 2);
  };
  return deviation(predicted) / deviation(real);
}
