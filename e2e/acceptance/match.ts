import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchFile } from '../../src/match/file/match-file.ts';
import { fileOptions } from '../../src/match/testing/file-options.ts';
import type { FileMatching, MatchFileOptions } from '../../src/match/file/match-types.ts';

type Algorithm = MatchFileOptions['algorithm'];

interface GraphCase {
  readonly name: string;
  readonly edges: readonly (readonly [number, number, number])[];
  readonly optimum_weight: number;
  readonly greedy_weight: number;
}

/** The published figures of assign100.txt and matching-general.json, as `lab match` has them. */
export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  const file = join(dataFolder, 'assign100.txt');
  const assign = async (algorithm: Algorithm) => {
    const found = await match(readFileSync(file), file, { format: 'costs', goal: 'min', algorithm });
    same('rows', new Set(found.pairs.map(([row]) => row)).size, 100);
    same('columns', new Set(found.pairs.map(([, column]) => column)).size, 100);
    return found;
  };
  const graphs = JSON.parse(readFileSync(join(dataFolder, 'matching-general.json'), 'utf8')) as {
    cases: readonly GraphCase[];
  };
  return [
    ...(['auction', 'exact'] as const).map((algorithm) => ({
      name: `assign100: ${algorithm} finds the minimum cost 305 and proves it`,
      run: async () => {
        const found = await assign(algorithm);
        same('weight', found.weight, 305);
        same('bound', found.upperBound, 305);
      },
    })),
    {
      name: 'assign100: greedy costs 522',
      run: async () => {
        same('weight', (await assign('greedy')).weight, 522);
      },
    },
    ...graphs.cases.flatMap((graph) => [
      {
        name: `${graph.name}: exact finds the optimum ${graph.optimum_weight}`,
        run: async () => {
          const found = await onGraph(graph, 'exact');
          same('weight', found.weight, graph.optimum_weight);
          same('bound', found.upperBound, graph.optimum_weight);
        },
      },
      {
        name: `${graph.name}: greedy weighs ${graph.greedy_weight}, and both matchers hold the optimum below their bounds`,
        run: async () => {
          const greedy = await onGraph(graph, 'greedy');
          same('weight', greedy.weight, graph.greedy_weight);
          const auction = await onGraph(graph, 'auction');
          for (const found of [greedy, auction])
            if (found.weight > graph.optimum_weight || found.upperBound < graph.optimum_weight)
              throw new Error(
                `weight ${found.weight} and bound ${found.upperBound} do not hold the optimum ${graph.optimum_weight} between them`,
              );
        },
      },
    ]),
  ];
}

function match(
  bytes: Uint8Array,
  file: string,
  options: Parameters<typeof fileOptions>[0],
): Promise<FileMatching> {
  return matchFile(bytes, file, fileOptions(options), {
    progress: () => undefined,
    openBackend: () => Promise.reject(new Error('no GPU is needed here')),
  });
}

/** The graph as the CSV file that a person would give. Its pairs are checked on the way. */
async function onGraph(graph: GraphCase, algorithm: Algorithm): Promise<FileMatching> {
  const csv = ['u,v,weight', ...graph.edges.map((edge) => edge.join(',')), ''].join('\n');
  const found = await match(new TextEncoder().encode(csv), `${graph.name}.csv`, {
    format: 'edges',
    algorithm,
  });
  let weight = 0;
  const seen = new Set<unknown>();
  for (const [a, b] of found.pairs) {
    const edge = graph.edges.find(([u, v]) => (u === a && v === b) || (u === b && v === a));
    if (edge === undefined) throw new Error(`pair ${a}-${b} is no edge`);
    if (seen.has(a) || seen.has(b)) throw new Error(`pair ${a}-${b} takes somebody twice`);
    seen.add(a).add(b);
    weight += edge[2];
  }
  same('weight of the pairs', weight, found.weight);
  return found;
}

function same(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: actual ${actual}, expected ${expected}`);
}
