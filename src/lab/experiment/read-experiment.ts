import * as v from 'valibot';
import { suggestion } from '../../base/nearest.ts';
import { LabError, shown } from '../../base/errors.ts';
import { decodeText } from '../../base/text/decode.ts';
import { mixedDesigns, whyImpossible } from '../../experiment/mixed/possible-designs.ts';
import { designNames, type MixedDesign } from '../../experiment/run/names.ts';
import { parseExperiment, type ExperimentSpec } from '../../experiment/run/spec.ts';
import { ScenarioError } from '../../scenario/parse.ts';
import type { Say } from '../cli/command.ts';
import { fileName, readInput } from '../cli/files.ts';
import { UsageError } from '../cli/options.ts';
import { parseJson } from '../cli/json-text.ts';

/** Reads the JSON of an experiment. @throws LabError with `file:line:column`. */
export async function readExperiment(path: string): Promise<ExperimentSpec> {
  const file = fileName(path);
  const json = parseJson(decodeText(await readInput(path), file), file);
  try {
    return parseExperiment(json.value);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new LabError(`${['experiment', ...error.path].join('.')}: ${error.reason}`, json.place(error.path));
  }
}

/** The mixed designs that an option names, or all possible ones. @throws UsageError. */
export function designsOf(given: string | undefined, spec: ExperimentSpec, say: Say): MixedDesign[] {
  const words = given === undefined ? mixedDesigns : given.split(',').map((word) => word.trim());
  const designs = new Set<MixedDesign>();
  const leftOut = new Map<string, MixedDesign[]>();
  for (const word of words) {
    if (word === 'paired') continue;
    const design = mixedDesigns.find((name) => name === word);
    if (design === undefined)
      throw new UsageError(
        `there is no design ${shown(word)}${suggestion(word, designNames) || `; there are ${designNames.join(', ')}`}`,
        '--design',
      );
    const reason = whyImpossible(design, spec);
    if (reason === null) designs.add(design);
    else if (given !== undefined) throw new UsageError(`${design} is impossible here: ${reason}`, '--design');
    else leftOut.set(reason, [...(leftOut.get(reason) ?? []), design]);
  }
  for (const [reason, names] of leftOut) say(`${names.join(', ')} are left out: ${reason}`);
  return [...designs];
}

const maybe = v.optional(v.nullable(v.number()));
const shape = v.object({
  designs: v.record(v.string(), v.record(v.string(), v.object({ sd: maybe, estimate: maybe }))),
  truth: v.optional(v.record(v.string(), v.object({ effect: maybe })), {}),
  rows: v.optional(v.array(v.object({ design: v.string(), metric: v.string(), mean_a: maybe })), []),
});

/** What commands read of the report of `lab experiment run --json`. */
interface SavedReport extends v.InferOutput<typeof shape> {
  /** The error where the report does not hold what is asked for. */
  readonly missing: (problem: string) => LabError;
}

/** Reads a report; "-" is standard input. @throws LabError. */
export async function readReport(path: string): Promise<SavedReport> {
  const file = fileName(path);
  const json = parseJson(decodeText(await readInput(path), file), file);
  const read = v.safeParse(shape, json.value);
  if (!read.success)
    throw new LabError('expected the report of `lab experiment run --json`, with "designs"', json.place([]));
  return { ...read.output, missing: (problem) => new LabError(problem, json.place(['designs'])) };
}
