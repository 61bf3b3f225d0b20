import type { OutcomeName } from '../../../src/experiment/run/names.ts';
import type { ExperimentReport } from '../../../src/experiment/run/report.ts';
import { figure, signed } from '../../charts/format.ts';
import { count } from '../../state/format.ts';
import { designWords, factorOf, metricWords } from '../words.ts';
import type { DesignLine } from './figures.ts';

/** What a run says, in words. A sentence is a claim, and waits for the last evening. */

/** An effect in the unit of the page: "+11.5 pp". */
export function effectText(value: number | null | undefined, metric: OutcomeName): string {
  return typeof value !== 'number' ? '–' : `${signed(factorOf(metric) * value)} ${metricWords[metric].unit}`;
}

/** A size without a sign: "1.2 s". */
export function sizeText(value: number | null | undefined, metric: OutcomeName): string {
  return typeof value !== 'number' ? '–' : `${figure(factorOf(metric) * value)} ${metricWords[metric].unit}`;
}

export interface RunVerdict {
  readonly head: string;
  readonly more: string;
}

export function verdictOf(
  report: ExperimentReport,
  lines: readonly DesignLine[],
  metric: OutcomeName,
  finished: boolean,
): RunVerdict {
  const truth = report.truth[metric];
  const evenings = `${count(report.evenings)} evening${report.evenings === 1 ? '' : 's'}`;
  const { phrase } = metricWords[metric];
  if (typeof truth?.effect !== 'number')
    return { head: `No truth about ${phrase} yet.`, more: `${evenings} so far.` };
  const effect = effectText(truth.effect, metric);
  const band =
    truth.low === null ? '' : ` (${effectText(truth.low, metric)} to ${effectText(truth.high, metric)})`;
  const same = report.identical === report.evenings;
  const sure = truth.low !== null && truth.high !== null && (truth.low > 0 || truth.high < 0);
  const so = finished ? '' : ' so far';
  const head = same
    ? `The truth is exactly 0${so}: under B, every event of ${evenings} is the same as under A.`
    : sure && finished
      ? `The truth: B changes ${phrase} by ${effect}${band}.`
      : `The truth${so}: ${effect} for ${phrase}${band}${finished ? '. It may be 0' : ''}.`;
  return {
    head,
    more: finished
      ? biasText(lines, metric, evenings)
      : `${evenings} so far. Verdicts wait for the last one.`,
  };
}

function biasText(lines: readonly DesignLine[], metric: OutcomeName, evenings: string): string {
  const designs = lines.filter(({ design }) => design !== 'paired');
  if (designs.length === 0) return '';
  const biased = designs.filter((line) => line.biased);
  const missed = designs
    .filter(({ biased: own }) => !own)
    .map((line) => missText(line, metric))
    .join('');
  if (biased.length === 0) return `After ${evenings}, no design is biased beyond chance.${missed}`;
  const said = biased.map((line, k) => {
    const cause = line.figures === undefined ? '' : ` (${line.figures.cause})`;
    const text = `${reportText(line, metric)}${cause}`;
    return k === 0 ? text : text[0].toLowerCase() + text.slice(1);
  });
  const others = designs.length - biased.length;
  const rest =
    others === 0
      ? ''
      : ` ${others === 1 ? 'The bias of the other design' : `The biases of the other ${others} designs`} may be chance.`;
  return `${said.join(', ')}.${rest}${missed}`;
}

/** A design that sees nothing of an effect that is there. */
function missText(line: DesignLine, metric: OutcomeName): string {
  return line.figures?.misses === true ? ` ${reportText(line, metric)}.` : '';
}

/** What a design reports; with its interval, where it sees nothing of an effect that is there. */
function reportText({ design, figures }: DesignLine, metric: OutcomeName): string {
  const text = `${designWords[design].name} reports ${effectText(figures?.estimate, metric)}`;
  if (figures?.misses !== true) return text;
  const { estimate_low: low, estimate_high: high } = figures;
  return `${text} (${effectText(low, metric)} to ${effectText(high, metric)}), which cannot be told from 0`;
}
