import type { SegmentFigures } from '../../src/model/family/evaluate.ts';
import type { Judgement } from './jobs.ts';
import { publishedDelays, publishedModels } from './published.ts';
import { segments, type Segment } from './segments.ts';

/** Sentences about figures, computed from them: where our market has the published shape, and where it has not. */
export interface Verdict {
  readonly agrees: boolean;
  readonly text: string;
}

export interface Judged {
  readonly label: string;
  readonly member: keyof typeof publishedModels;
  readonly judgement: Judgement;
}

type Figure = SegmentFigures['auroc'];

export function figureOf(judgement: Judgement, segment: Segment): SegmentFigures | undefined {
  return judgement.figures.find((f) => f.segment === segment);
}

const low = (f: Figure): number => ('low' in f ? f.low : f.estimate);
const high = (f: Figure): number => ('high' in f ? f.high : f.estimate);
const f3 = (x: number): string => x.toFixed(3);
const signed = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;

/** Published: every step of the family is better than the one before, on all chats. */
export function orderVerdicts(judged: readonly Judged[]): Verdict[] {
  const verdicts: Verdict[] = [];
  const steps = [
    ['wide-deep', 'wide-deep-s'],
    ['wide-deep-s', 'cupid'],
  ] as const;
  for (const [worse, better] of steps) {
    const a = judged.find((j) => j.member === worse);
    const b = judged.find((j) => j.member === better);
    const before = a && figureOf(a.judgement, 'entire')?.auroc;
    const after = b && figureOf(b.judgement, 'entire')?.auroc;
    if (!a || !b || !before || !after) continue;
    const gain = after.estimate - before.estimate;
    const clear = low(after) > high(before);
    const said = publishedModels[better].entire[1] - publishedModels[worse].entire[1];
    const ours = `${b.label} reaches ${f3(after.estimate)} where ${a.label} reaches ${f3(before.estimate)} (${signed(gain)}; published ${signed(said)})`;
    verdicts.push({
      agrees: clear,
      text: clear
        ? `On all chats ${ours}: the same order, beyond the intervals.`
        : gain > 0
          ? `On all chats ${ours}: the same order, but the intervals overlap, so it may be chance.`
          : `On all chats ${ours}: our order differs from the published one.`,
    });
  }
  return verdicts;
}

/** Published: CUPID gains most over Wide&Deep where both are new. */
export function gainVerdict(judged: readonly Judged[]): Verdict | null {
  const a = judged.find((j) => j.member === 'wide-deep');
  const b = judged.find((j) => j.member === 'cupid');
  if (!a || !b) return null;
  const gains = segments.slice(1).flatMap((segment) => {
    const before = figureOf(a.judgement, segment)?.auroc.estimate;
    const after = figureOf(b.judgement, segment)?.auroc.estimate;
    return before === undefined || after === undefined || !Number.isFinite(after - before)
      ? []
      : [{ segment, gain: after - before }];
  });
  if (gains.length < 2) return null;
  const most = gains.reduce((x, y) => (y.gain > x.gain ? y : x));
  const list = gains
    .map(({ segment, gain }) => {
      const said = publishedModels.cupid[segment][1] - publishedModels['wide-deep'][segment][1];
      return `${segment} ${signed(gain)} (published ${signed(said)})`;
    })
    .join(', ');
  const agrees = most.segment === 'cold-cold' && most.gain > 0;
  return {
    agrees,
    text: `Gain of ${b.label} over ${a.label} in AUROC: ${list}. ${agrees ? 'As published, it is largest where both are new.' : `Published, it is largest where both are new; here, ${most.segment}.`}`,
  };
}

/** Published: a small step at any delay, flat from 2 to 8 s, a further small step at 16 s, still above Wide&Deep. */
export function delayVerdicts({ label, judgement }: Judged, plain: Judged | undefined): Verdict[] {
  const at = (delay: number) =>
    judgement.delays.find((d) => d.delay === delay)?.figures.find((f) => f.segment === 'entire')?.auroc
      .estimate;
  const said = (delay: number) => publishedDelays.find((d) => d.delay === delay)!.row.entire[1];
  const [fresh, two, eight, sixteen] = [at(0), at(2), at(8), at(16)];
  if (fresh === undefined || two === undefined || eight === undefined || sixteen === undefined) return [];
  const first = two - fresh;
  const flat = eight - two;
  const verdicts: Verdict[] = [
    {
      agrees: first < 0,
      text: `${label}, vectors 2 s late: ${signed(first)} in AUROC (published ${signed(said(2) - said(0))}). ${first < 0 ? 'Any delay costs a step, as published.' : 'Published, any delay costs a step; here it costs nothing: few people meet again within 2 s of a match.'}`,
    },
    {
      agrees: Math.abs(flat) < Math.max(Math.abs(first), 0.001),
      text: `From 2 to 8 s: ${signed(flat)} (published ${signed(said(8) - said(2))}). ${Math.abs(flat) < Math.max(Math.abs(first), 0.001) ? 'Nearly flat, as published.' : 'Published, this stretch is nearly flat; here it is not: our people come back to the pool while the vector is on its way.'}`,
    },
  ];
  const base = plain && figureOf(plain.judgement, 'entire')?.auroc;
  if (plain && base) {
    const above = sixteen - base.estimate;
    verdicts.push({
      agrees: above > 0 && sixteen > high(base),
      text: `16 s late it is still ${signed(above)} from ${plain.label} (published ${signed(said(16) - publishedModels['wide-deep'].entire[1])}). ${sixteen > high(base) ? 'Far above, as published.' : above > 0 ? 'Above, but within the interval.' : 'Published, it stays far above; here it does not.'}`,
    });
  }
  return verdicts;
}

/** What a part is worth: the whole against the whole without it, on the same chats. */
export function ablationVerdicts(whole: Judged | undefined, parts: readonly Judged[]): Verdict[] {
  const all = whole && figureOf(whole.judgement, 'entire');
  if (!whole || !all) return [];
  return parts.flatMap(({ label, judgement }) => {
    const figures = figureOf(judgement, 'entire');
    if (!figures) return [];
    const auroc = figures.auroc.estimate - all.auroc.estimate;
    const mse = figures.mse.estimate - all.mse.estimate;
    const clear = high(figures.auroc) < low(all.auroc) || low(figures.mse) > high(all.mse);
    return [
      {
        agrees: clear,
        text: `${label} against ${whole.label}: AUROC ${signed(auroc)}, squared error ${signed(mse)}; ${clear ? 'worse, beyond the intervals.' : auroc < 0 || mse > 0 ? 'the intervals overlap.' : 'not worse.'}`,
      },
    ];
  });
}

/** How far the predicted lengths reach beside the real ones: share of the real spread (standard deviation of ln seconds). */
export function spreadShare({ spread: { edges, real, predicted } }: Judgement): number {
  const deviation = (counts: Float64Array): number => {
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
