import { LabError, shown } from '../../base/errors.ts';
import { parseDecimal } from '../../base/text/decimal.ts';

/** A knob that a sweep varies. */
export interface VariedKnob {
  /** Place in the schema, such as "policy.threshold". */
  readonly knob: string;
  readonly values: readonly string[];
  /** What the person wrote, as the place of an error. */
  readonly text: string;
}

const MAX_VALUES = 1000;
const HINT =
  'expected KNOB=VALUE,VALUE,... or KNOB=FIRST:LAST:STEP, such as policy.threshold=0:60:5 (x2 as the step doubles)';

/**
 * Reads "policy.matcher=greedy,auction", "policy.threshold=0:60:5" (last value included) or
 * "population.people=1000:64000:x2". `option` stands before the text in errors.
 * @throws LabError.
 */
export function parseVaried(text: string, option = ''): VariedKnob {
  const place = `${option} ${text}`.trim();
  const at = text.indexOf('=');
  const values = text.slice(at + 1);
  if (at < 1 || values === '') throw new LabError(`${HINT}; it is ${shown(text)}`, option || place);
  const knob = text.slice(0, at).trim();
  if (knob === 'seed') throw new LabError('the seeds of a sweep are --seeds and --first-seed', place);
  if (knob === 'name' || knob === 'cast') throw new LabError(`"${knob}" cannot be varied`, place);
  const list = values.includes(':') ? range(values, place) : values.split(',').map((word) => word.trim());
  const twice = list.find((value, i) => value === '' || list.indexOf(value) < i);
  if (twice === '') throw new LabError(`a value is empty; ${HINT}`, place);
  if (twice !== undefined) throw new LabError(`the value ${shown(twice)} is given twice`, place);
  return { knob, values: list, text: place };
}

/** The values of FIRST:LAST:STEP or FIRST:LAST:xFACTOR. */
function range(text: string, place: string): string[] {
  const fail = (reason: string): never => {
    throw new LabError(`${reason}; it is ${shown(text)}`, place);
  };
  const parts = text.split(':').map((part) => part.trim());
  if (parts.length !== 3) fail('a range is FIRST:LAST:STEP');
  const isFactor = parts[2].startsWith('x');
  const [first, last, step] = [parts[0], parts[1], isFactor ? parts[2].slice(1) : parts[2]].map((part) =>
    parseDecimal(part),
  );
  if (![first, last, step].every(Number.isFinite)) fail('FIRST, LAST and STEP must be numbers');
  const isRising = last >= first;
  let steps: number;
  if (isFactor) {
    if (!(first > 0 && last > 0)) fail('a range with a factor needs FIRST and LAST above 0');
    if (step <= 0 || step === 1 || step > 1 !== isRising) fail('the factor must lead from FIRST to LAST');
    steps = Math.log(last / first) / Math.log(step);
  } else {
    if (step === 0 || step > 0 !== isRising) fail('STEP must lead from FIRST to LAST');
    steps = (last - first) / step;
  }
  const count = Math.floor(steps + 1e-9) + 1;
  if (count > MAX_VALUES) fail(`a knob has at most ${MAX_VALUES} values, not ${count}`);
  return Array.from({ length: count }, (_, i) =>
    // 12 digits: 3 * 0.1 is 0.3, as written.
    String(Number((isFactor ? first * step ** i : first + i * step).toPrecision(12))),
  );
}
