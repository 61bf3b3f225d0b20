import type { Gain, JudgedModel, Study } from '../../../src/model/study/compare-models.ts';
import type { SegmentFigures, WarmthSegment } from '../../../src/model/train/judge-family.ts';
import { nameText, OWN } from '../names.ts';
import { publishedRow, segments } from './published.ts';

/** A sentence computed from figures: whether our market has the published shape. */
export interface AgreementVerdict {
  readonly agrees: boolean;
  readonly text: string;
}

export const figureOf = (
  model: JudgedModel | undefined,
  segment: WarmthSegment,
): SegmentFigures | undefined => model?.figures.find((f) => f.segment === segment);

export const modelOf = ({ models }: Study, name: string): JudgedModel | undefined =>
  models.find((m) => m.model === name);

interface Range {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export const signedFixed = (x: number, digits = 3): string =>
  `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(digits)}`;
const range = ({ estimate, low, high }: Range): string =>
  `${signedFixed(estimate)} (${signedFixed(low)} to ${signedFixed(high)})`;
const minus = ({ estimate, low, high }: Range): Range => ({ estimate: -estimate, low: -high, high: -low });

/** The sentence for a difference: beyond its interval, only its estimate, or not above zero. */
const graded = ({ estimate, low }: Range, beyond: string, within: string, against: string): string =>
  low > 0 ? beyond : estimate > 0 ? within : against;

const gainOf = ({ gains }: Study, better: string, worse: string, segment: WarmthSegment): Gain | undefined =>
  gains.find((g) => g.better === better && g.worse === worse && g.segment === segment);

const publishedGain = (better: string, worse: string, segment: WarmthSegment): number =>
  publishedRow(better).auroc[segment] - publishedRow(worse).auroc[segment];

/** Published: each model of the family is better than the one before, on all chats. */
export function orderVerdicts(study: Study): AgreementVerdict[] {
  const steps = [
    ['wide-deep', 'factors'],
    ['wide-deep-s', 'wide-deep'],
    ['cupid', 'wide-deep-s'],
  ] as const;
  return steps.flatMap(([better, worse]) => {
    const gain = gainOf(study, better, worse, 'entire')?.auroc;
    if (gain === undefined) return [];
    // No figures of matrix factorisation were published.
    const said =
      worse === 'factors' ? '' : `; published ${signedFixed(publishedGain(better, worse, 'entire'))}`;
    const order = graded(
      gain,
      'The order is as published, beyond the interval.',
      'The order is as published, but the interval includes zero, so it may be chance.',
      'Our order differs from the published one.',
    );
    return [
      {
        agrees: gain.low > 0,
        text: `${nameText(better)} over ${nameText(worse)}, AUROC on all chats: ${range(gain)}${said}. ${order}`,
      },
    ];
  });
}

/** Published: CUPID gains most over Wide&Deep where both people are new. */
export function gainVerdicts(study: Study): AgreementVerdict[] {
  const gains = segments.slice(1).flatMap((segment) => {
    const auroc = gainOf(study, 'cupid', 'wide-deep', segment)?.auroc;
    return auroc === undefined || !Number.isFinite(auroc.estimate) ? [] : [{ segment, auroc }];
  });
  if (gains.length < 2) return [];
  const max = gains.reduce((x, y) => (y.auroc.estimate > x.auroc.estimate ? y : x));
  const list = gains.map(({ segment, auroc }) => {
    const published = signedFixed(publishedGain('cupid', 'wide-deep', segment));
    return `${segment} ${range(auroc)} (published ${published})`;
  });
  const agrees = max.segment === 'cold-cold' && max.auroc.low > 0;
  const conclusion = agrees
    ? 'As published, the gain is largest where both people are new.'
    : `The published gain is largest where both people are new. Here it is largest on ${max.segment}.`;
  return [
    { agrees, text: `CUPID over Wide&Deep, AUROC: ${list.join(', ')}. ${conclusion}` },
    ...study.contrasts
      .filter((c) => c.better === 'cupid' && c.segment === 'cold-cold')
      .map(({ than, auroc }) => ({
        agrees: auroc.low > 0,
        text: `The gain on cold-cold minus the gain on ${than}: ${range(auroc)}. ${graded(
          auroc,
          'It is larger, beyond its interval.',
          'It is larger, but the interval includes zero.',
          'It is not larger here.',
        )}`,
      })),
  ];
}

/** Published: a small loss at any delay, flat from 2 to 8 s, and still above Wide&Deep at 16 s. */
export function delayVerdicts(study: Study, model: JudgedModel): AgreementVerdict[] {
  const late = (delay: number) => model.delays?.find((d) => d.delay === delay);
  const said = (delay: number) => publishedRow('cupid', delay).auroc.entire;
  const [two, eight, sixteen] = [late(2), late(8), late(16)];
  if (!two || !eight || !sixteen) return [];
  const name = nameText(model.model);
  const loss = two.cost.auroc;
  const flat = loss.estimate - eight.cost.auroc.estimate;
  const isFlat = Math.abs(flat) <= Math.max(0.0015, Math.abs(loss.estimate));
  const verdicts: AgreementVerdict[] = [
    {
      agrees: loss.low > 0,
      text: `${name} with vectors 2 s late, AUROC: ${range(minus(loss))}; published ${signedFixed(said(2) - said(0), 4)}. ${
        loss.low > 0
          ? 'As published, any delay has a cost.'
          : 'The published cost is clear; here the interval includes zero.'
      }`,
    },
    {
      agrees: isFlat,
      text: `From 2 to 8 s: ${signedFixed(flat, 4)}; published ${signedFixed(said(8) - said(2), 4)}. ${
        isFlat
          ? 'Nearly flat, as published.'
          : 'The published curve is nearly flat here. Ours is not: more of our people are back in the pool before a vector of 8 s is ready.'
      }`,
    },
  ];
  const base = figureOf(modelOf(study, 'wide-deep'), 'entire')?.auroc;
  const there = sixteen.figures.find((f) => f.segment === 'entire')?.auroc.estimate;
  if (base === undefined || there === undefined) return verdicts;
  const high = 'high' in base ? base.high : base.estimate;
  const above =
    there > high
      ? 'It is still above, beyond the interval, as published.'
      : there > base.estimate
        ? 'It is above, but within the interval.'
        : 'The published one stays far above; here it does not.';
  const published = signedFixed(said(16) - publishedRow('wide-deep').auroc.entire);
  return [
    ...verdicts,
    {
      agrees: there > high,
      text: `At 16 s its distance to Wide&Deep is ${signedFixed(there - base.estimate)}; published ${published}. ${above}`,
    },
  ];
}

/** The value of each part: CUPID against itself without it, on the same chats. Never published. */
export function partVerdicts({ gains }: Study): AgreementVerdict[] {
  return gains
    .filter((g) => g.segment === 'entire' && g.better === 'cupid' && g.worse.startsWith('cupid, '))
    .map(({ worse, auroc, mse }) => {
      const clear = auroc.low > 0 || mse.low > 0;
      return {
        agrees: clear,
        text: `${nameText(worse)}, against the whole model: AUROC ${range(minus(auroc))}, squared error ${range(mse)}. ${clear ? 'It is worse, beyond an interval.' : 'There is no difference beyond the intervals.'}`,
      };
    });
}

/** Models trained here against the shipped ones of the same kind. */
export function ownVerdicts({ gains }: Study): AgreementVerdict[] {
  return gains
    .filter((g) => g.segment === 'entire' && g.better.includes(OWN))
    .map(({ better, worse, auroc, mse }) => {
      const conclusion =
        auroc.high < 0
          ? 'It is worse, beyond the interval.'
          : auroc.low > 0
            ? 'It is better, beyond the interval.'
            : 'There is no difference beyond the interval.';
      return {
        agrees: auroc.high >= 0,
        text: `${nameText(better)} against the shipped ${nameText(worse)}: AUROC ${range(auroc)}, squared error ${range(minus(mse))}. ${conclusion}`,
      };
    });
}

/** Spread of the predicted lengths as a share of the real one (SD of ln seconds). */
export function spreadShare({ lengths: { edges, real, predicted } }: JudgedModel): number {
  const deviation = (counts: readonly number[]): number => {
    let [n, sum, squares] = [0, 0, 0];
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
