import weights from '../../../shaders/testing/weights.wgsl?raw';
import { hashTie } from '../../score/source.ts';
import { matrixSource } from '../../match/testing/matrix-source.ts';
import type { PairSource } from '../../score/source.ts';
import type { MatchOptions, Pool, WeightRule } from '../../score/types.ts';
import type { GpuBackend } from '../../match/gpu-backend.ts';
import { compileFormula } from '../../scenario/formula/language.ts';
import { stepsOf } from '../../score/formula/program.ts';
import { formulaText } from '../../score/formula/wgsl.ts';
import { GrowingBuffer } from '../buffers.ts';
import { resolveShader } from '../shader.ts';
import { shaderSources } from '../shaders.ts';
import { LOWEST, upload } from '../tick/upload.ts';

const file = 'testing/weights.wgsl';
const sources = { ...shaderSources, [file]: weights };
const plain = resolveShader(file, sources);

/** The text of `score/formula.wgsl` for a rule. */
function textOf({ formula, transform, tasks }: WeightRule): string | undefined {
  return formula === undefined ? undefined : formulaText(stepsOf(compileFormula(formula), transform, tasks));
}

/**
 * All pairs of a small pool with the weights that the device computes, as a source for CPU
 * references.
 *
 * @param text another text in the place of `score/formula.wgsl`; default: that of the rule.
 */
export async function deviceSource(
  backend: GpuBackend,
  pool: Pool,
  rule: WeightRule,
  options: MatchOptions,
  text = textOf(rule),
): Promise<PairSource> {
  const { n } = pool;
  const { gpu } = backend;
  const shader = text === undefined ? plain : resolveShader(file, { ...sources, 'score/formula.wgsl': text });
  const { main } = await gpu.kernels(shader, ['main']);
  const batch = backend.batcher();
  const { buffers, order } = upload(backend.passes.gather, batch, backend.memory, pool, rule, options);
  const growing = new GrowingBuffer(gpu.registry, 'all weights');
  const result = growing.atLeast(n * n * 4);
  batch.step(n * n, { name: 'all weights', initialRate: 1e6 }, (pass) =>
    main.dispatchRows(pass, { ...buffers, result }, n, n),
  );
  const { all } = await batch.read({ all: { buffer: result, bytes: n * n * 4 } });
  gpu.registry.destroy(result);
  const values = new Float32Array(all);
  const matrix = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const w = values[i * n + j];
      matrix[order[i]][order[j]] = w === LOWEST ? -Infinity : w;
    }
  return matrixSource(matrix, hashTie(pool.ids, options.seed));
}
