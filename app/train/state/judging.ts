import { nameText } from './knobs.ts';
import {
  isFamily,
  members,
  scorerOf,
  type Candidate,
  type EffectOrder,
  type Evenings,
  type LatencyOrder,
  type TrainedMember,
  type Weights,
} from '../worker/orders.ts';
import { loadShipped } from './shipped.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { useTrain, type ModelEntry } from './state.ts';
import { begin, finish, haveEvenings, hear, run, trainer } from './task.ts';
import { OWN } from './verdicts.ts';

const set = useTrain.setState;
const get = useTrain.getState;

/** Judges the models of these names side by side on the later chats of the evenings; by default all, and matrix factorisation. */
export async function judgeModels(names?: readonly string[]): Promise<void> {
  const { said } = get();
  begin('judging', 'Getting ready');
  set({ said });
  const { evenings } = get();
  if (!(await haveEvenings(evenings))) return finish();
  const { models, judging } = get();
  const wanted = models.filter(
    (m) => (names === undefined || names.includes(m.name)) && knowsThese(m, evenings),
  );
  const shipped = (m: ModelEntry) => m.name.split(OWN)[0];
  const pairs = wanted
    .filter((m) => m.origin === 'trained' && wanted.some((o) => o.name === shipped(m)))
    .map((m) => [m.name, shipped(m)] as const);
  // Shipped matrix factorisation knows other people: it is fitted on these.
  const candidates: Candidate[] = [
    ...(names === undefined || names.includes('factors') ? (['factors'] as const) : []),
    ...wanted.filter((m) => m.name !== 'factors'),
  ];
  const job = trainer().judge(candidates, { ...judging, pairs }, evenings, hear);
  const study = await run(job);
  if (study !== undefined) set({ study });
  finish();
}

/** Matrix factorisation knows only the people of its own evenings. */
function knowsThese({ origin, weights: { header } }: ModelEntry, evenings: Evenings): boolean {
  if (origin === 'shipped' || header.format !== 'halfsecond-factors') return true;
  const { seeds, ticks } = header.recipe as { readonly seeds: readonly number[]; readonly ticks: number };
  return ticks === evenings.ticks && seeds.length === evenings.count && seeds[0] === evenings.seed;
}

/** Measures a tick with the session vectors in it and outside it, on this adapter. */
export async function measureLatency(order: Omit<LatencyOrder, 'backend'>): Promise<void> {
  begin('latency', 'Opening the adapter');
  const backend = useStatus.getState().info?.backend ?? 'cpu';
  const latency = await run(trainer().latency({ ...order, backend }, hear));
  if (latency !== undefined) set({ latency });
  finish();
}

/** Lets the shipped models, or the last ones trained here in their place, live through the same evenings. */
export async function liveThrough(order: EffectOrder): Promise<void> {
  begin('market', 'Getting ready');
  const { models } = get();
  const weights = Object.fromEntries(
    members.flatMap((member) => {
      const chosen = models.findLast((m) => m.name.split(OWN)[0] === member)?.weights;
      return chosen !== undefined && isFamily(chosen) ? [[member, chosen]] : [];
    }),
  );
  const effect = await run(trainer().effect(weights, order, hear));
  if (effect !== undefined) set({ effect });
  finish();
}

/** The scorer of the policies in whose place weights can score; null where they know nobody of the market. */
export function marketScorer({ header }: Weights): TrainedMember | 'towers' | null {
  if (header.format === 'halfsecond-family') return scorerOf(header.config);
  return header.format === 'halfsecond-tower' ? 'towers' : null;
}

/** Lets a model score in the market: its weights go to the engine, and the policy asks for its kind. */
export async function scoreInMarket({ name, weights }: ModelEntry): Promise<void> {
  const { engine } = useStatus.getState();
  const scorer = marketScorer(weights);
  try {
    if (scorer === null) throw new Error(`${nameText(name)} knows nobody of the market.`);
    if (engine === null) throw new Error('There is no engine; reload the page.');
    await engine.useModel(scorer, weights.bytes, weights.header);
    useScenario.getState().set('policy.scorer', scorer);
    set({ problem: null, said: `The market scores with ${nameText(name)} from the next tick on.` });
  } catch (error) {
    set({ problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Fetches the shipped models, once. What cannot be loaded is said. */
export async function haveShipped(): Promise<void> {
  const have = get().models.some((m) => m.origin === 'shipped');
  if (have) return;
  const { models, problems } = await loadShipped();
  if (get().models.some((m) => m.origin === 'shipped')) return;
  set({
    models: [...models, ...get().models],
    ...(problems.length > 0 && { problem: problems.join(' ') }),
  });
}
