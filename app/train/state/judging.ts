import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { kindOf, nameText } from '../names.ts';
import { members, type Evenings, type TrainedMember } from '../settings.ts';
import type { Candidate, EffectOrder, Weights } from '../worker/protocol.ts';
import { fetchShippedModels } from './shipped.ts';
import { useTrain, type ModelEntry } from './store.ts';
import { begin, finish, hear, recordEvenings, run, trainer } from './task.ts';

const set = useTrain.setState;
const get = useTrain.getState;

/** Delays of the session vectors to judge, seconds. */
const delays = [0, 2, 4, 8, 16];

/** Judges the models of these names on the later chats of the evenings; by default all of them. */
export async function judgeModels(names?: readonly string[]): Promise<void> {
  const { said } = get();
  begin('judging', 'Preparing');
  set({ said });
  const { evenings, judging } = get().settings;
  if (!(await recordEvenings(evenings))) return finish();
  const { models } = get();
  const wanted = models.filter(
    (m) => (names === undefined || names.includes(m.name)) && knowsThese(m, evenings),
  );
  const pairs = wanted
    .filter((m) => m.origin === 'trained' && wanted.some((o) => o.name === kindOf(m.name)))
    .map((m) => [m.name, kindOf(m.name)] as const);
  // The shipped factors know other people, so they are fitted on these evenings.
  const candidates: Candidate[] = [
    ...(names === undefined || names.includes('factors') ? (['factors'] as const) : []),
    ...wanted.filter((m) => m.name !== 'factors'),
  ];
  const order = { candidates, evenings, ...judging, delays, pairs };
  const study = await run(trainer().run('judge', order, hear));
  if (study !== undefined) set({ study });
  finish();
}

/** Whether a model can judge these evenings. Matrix factorisation knows only its own people. */
function knowsThese({ origin, weights: { header } }: ModelEntry, evenings: Evenings): boolean {
  if (origin === 'shipped' || header.format !== 'halfsecond-factors') return true;
  const { seeds, ticks } = header.recipe as { readonly seeds: readonly number[]; readonly ticks: number };
  return ticks === evenings.ticks && seeds.length === evenings.count && seeds[0] === evenings.seed;
}

/** Lengths of history for which ticks are timed, matches. */
const lengths = [8, 32, 128];

/** Times ticks with the session vectors in them and outside, on the backend of the market. */
export async function measureLatency(): Promise<void> {
  begin('latency', 'Opening the adapter');
  const backend = useStatus.getState().info?.backend ?? 'cpu';
  const latency = await run(trainer().run('latency', { ...get().settings.latency, backend, lengths }, hear));
  if (latency !== undefined) set({ latency });
  finish();
}

/** Seed of the first evening in the market. */
const MARKET_SEED = 7001;

/** Runs the same evenings under every model: the last one trained here, or the shipped one. */
export async function runMarket(): Promise<void> {
  begin('market', 'Preparing');
  const { models, settings } = get();
  const { coldBelow, longSeconds } = settings.judging;
  const contestants = Object.fromEntries(
    members.flatMap((member) => {
      const weights = models.findLast((m) => kindOf(m.name) === member)?.weights;
      return weights?.header.format === 'halfsecond-family' ? [[member, weights]] : [];
    }),
  ) as EffectOrder['contestants'];
  const order = { contestants, ...settings.market, seed: MARKET_SEED, coldBelow, longSeconds };
  const effect = await run(trainer().run('effect', order, hear));
  if (effect !== undefined) set({ effect });
  finish();
}

const scorerOf = { none: 'wide-deep', summary: 'wide-deep-s', transformer: 'cupid' } as const;

/** The policies' scorer for such weights; null if they do not know the people of the market. */
export function marketScorer({ header }: Weights): TrainedMember | 'towers' | null {
  if (header.format === 'halfsecond-family') return scorerOf[header.config.session];
  return header.format === 'halfsecond-tower' ? 'towers' : null;
}

/** Lets a model score in the market: the engine gets its weights, the policy its scorer. */
export async function scoreInMarket({ name, weights }: ModelEntry): Promise<void> {
  const { engine } = useStatus.getState();
  const scorer = marketScorer(weights);
  try {
    if (scorer === null) throw new Error(`${nameText(name)} does not know the people of the market.`);
    if (engine === null) throw new Error('The engine is not running. Reload the page.');
    await engine.useModel(scorer, weights.bytes, weights.header);
    useScenario.getState().set('policy.scorer', scorer);
    set({ problem: null, said: `The market scores with ${nameText(name)} from the next tick on.` });
  } catch (error) {
    set({ problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Loads the shipped models once, and shows what cannot be loaded. */
export async function listShipped(): Promise<void> {
  const have = get().models.some((m) => m.origin === 'shipped');
  if (have) return;
  const { models, problems } = await fetchShippedModels();
  if (get().models.some((m) => m.origin === 'shipped')) return;
  set({
    models: [...models, ...get().models],
    ...(problems.length > 0 && { problem: problems.join(' ') }),
  });
}
