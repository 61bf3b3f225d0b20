import type { DyadicInterval } from '../../metrics/inference/dyadic.ts';
import type { TwoPhaseCost } from '../../model/study/cost.ts';
import type { SegmentFigures } from '../../model/train/judge-family.ts';
import { published } from '../../model/study/published.ts';
import type { JudgedModel, Study } from '../../model/study/compare-models.ts';

const f4 = (x: number): string => x.toFixed(4);
const signed = (x: number): string => `${x >= 0 ? '+' : ''}${f4(x)}`;

function range(of: SegmentFigures['mse'] | DyadicInterval): string {
  return 'low' in of ? `${f4(of.estimate)} (${f4(of.low)} to ${f4(of.high)})` : f4(of.estimate);
}

const change = (d: DyadicInterval): string =>
  `${signed(d.estimate)} (${signed(d.low)} to ${signed(d.high)})${d.low > 0 ? '' : d.high < 0 ? ' worse' : ' within its interval'}`;

function modelLines({ model, figures, delays }: JudgedModel): string[] {
  const lines = [model];
  for (const f of figures) {
    const { ndcg, calibration } = f.intervals ?? {
      ndcg: { estimate: f.ndcg },
      calibration: { estimate: f.calibration },
    };
    lines.push(
      `  ${f.segment.padEnd(11)}${String(f.chats).padStart(7)} chats  MSE ${range(f.mse)}  AUROC ${range(f.auroc)}`,
      `${' '.repeat(26)}calibration ${range(calibration)}  NDCG ${range(ndcg)}`,
    );
    for (const [task, t] of Object.entries(f.tasks))
      lines.push(
        `    ${task.padEnd(9)}rate ${f4(t.rate)}  AUROC ${range(t.intervals.auroc)}  log loss ${range(t.intervals.logLoss)}  calibration ${f4(t.calibration)}`,
      );
  }
  for (const { delay, figures: late, cost } of delays ?? [])
    lines.push(
      `  ${String(delay).padStart(2)} s late, MSE / AUROC: ${late.map((f) => `${f.segment} ${f4(f.mse.estimate)} / ${f4(f.auroc.estimate)}`).join(', ')}${delay > 0 ? `; costs ${change(cost.auroc)}` : ''}`,
    );
  return lines;
}

/** The study as readable lines. */
export function studyLines({ models, gains, contrasts }: Study, cost?: TwoPhaseCost): string[] {
  const lines = models.flatMap(modelLines);
  lines.push('gains on the same chats, 95 % (intervals account for people with several chats)');
  for (const g of gains)
    if (g.segment === 'entire' || (g.better === 'cupid' && g.worse === 'wide-deep'))
      lines.push(
        `  ${g.better} over ${g.worse}, ${g.segment}: AUROC ${change(g.auroc)}, MSE lower by ${change(g.mse)}`,
      );
  if (models.some((m) => m.model === 'cupid'))
    lines.push('  (CUPID without its session is Wide&Deep, so the gain over Wide&Deep is that ablation)');
  for (const c of contrasts)
    lines.push(
      `  the gain of ${c.better} over ${c.worse} is larger on ${c.segment} than on ${c.than}: AUROC ${change(c.auroc)}`,
    );
  const has = (name: string) => models.some((m) => m.model === name);
  if (has('cupid') && has('wide-deep')) {
    lines.push('published, MSE / AUROC (on another market: compare the pattern, not the values)');
    for (const { model, delay, mse, auroc } of published)
      lines.push(
        `  ${`${model}${delay === undefined ? '' : `, ${delay} s`}`.padEnd(12)} ${Object.keys(mse)
          .map((s) => `${s} ${f4(mse[s as keyof typeof mse])} / ${f4(auroc[s as keyof typeof auroc])}`)
          .join(', ')}`,
      );
  }
  if (cost)
    lines.push(
      `transformer passes: ${cost.passesTwoPhase} in two phases, ${cost.passesOnePhase} in one: ${cost.passesSaved.toFixed(2)} times fewer (formula ${cost.passesSavedByFormula.toFixed(2)})`,
      `time: about ${cost.twoPhaseSeconds.toFixed(0)} s in two phases, ${cost.onePhaseSeconds.toFixed(0)} s in one (${(1000 * cost.phase1SecondsPerPass).toFixed(2)} and ${(1000 * cost.onePhaseSecondsPerPass).toFixed(2)} ms per pass, measured)`,
    );
  return lines;
}
