import { LabError } from '../../base/errors.ts';
import { decodeText } from '../../base/text/decode.ts';
import { parseExperiment, type ExperimentSpec } from '../../experiment/run/spec.ts';
import { ScenarioError } from '../../scenario/parse.ts';
import { fileName, readInput } from '../cli/files.ts';
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
