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
