import { forgetTraining, keepTraining, recallTraining, type KeptTraining } from '../worker/kept.ts';
import { judgeModels } from './judging.ts';
import { nameInText, nameOf, nameText, problemOf } from './knobs.ts';
import { planOf, type FitOrder, type News, type TrainedMember } from '../worker/orders.ts';
import { useTrain } from './state.ts';
import { begin, finish, haveEvenings, hear, progress, run, trainer } from './task.ts';
import { OWN } from './verdicts.ts';

const set = useTrain.setState;
const get = useTrain.getState;

let trained = 0;
/** What a cancelled training goes on from; also there after a reload. */
let kept: KeptTraining | null = null;
let recalled = false;

/** Trains what the knobs say, then judges it. */
export async function startTraining(): Promise<void> {
  const { knobs, evenings, wish, task } = get();
  if (task !== null) return;
  const problem = problemOf(knobs, evenings);
  if (problem !== null) {
    set({ problem });
    return;
  }
  begin('training', 'Getting ready');
  forgetKept();
  const order: FitOrder = { ...planOf(knobs), name: nameOf(knobs), evenings, wish };
  set({ live: [], points: [], losses: [], place: null, curveOf: order.name, order });
  if (!(await haveEvenings(evenings))) return finish();
  await trainAndJudge(order, false);
}

/** Goes on where the last training was cancelled, or was when the page was left. */
export async function resumeTraining(): Promise<void> {
  const from = kept;
  if (get().task !== null || from === null) return;
  begin('training', 'Getting ready');
  const { order, checkpoint } = from;
  set({ resumable: null, order, evenings: order.evenings, curveOf: order.name });
  if (!(await haveEvenings(order.evenings))) {
    offer(from);
    return finish();
  }
  trainer().take(from);
  forgetAfter({ phase: checkpoint.phase, step: checkpoint.at.step });
  await trainAndJudge(order, true);
}

async function trainAndJudge(order: FitOrder, resume: boolean): Promise<void> {
  const lost = (what: string) => {
    set({ losses: [...get().losses, what] });
    progress('Beginning again from there', null);
    forgetAfter(trainer().checkpoint);
  };
  const listen = (news: News) => {
    hear(news);
    if (news.kind === 'report') keepSoon(order);
  };
  const result = await run(trainer().fit(order, listen, lost, resume));
  if (result === undefined) {
    await keepNow(order);
    return finish();
  }
  forgetKept();
  const { bytes, header, stepMs, cost } = result;
  const name = `${order.name}${OWN}${++trained}`;
  const { place, models } = get();
  const how = place === null ? {} : { trained: { place, stepMs, ...(cost && { cost }) } };
  set({
    models: [...models, { name, origin: 'trained', weights: { bytes, header }, ...how }],
    said: `${nameText(order.name)} is trained: ${header.bytes.toLocaleString('en')} bytes of weights, hash ${header.hash}.`,
  });
  await judgeModels([order.name, name]);
}

/** Live points after the checkpoint will be made again. */
function forgetAfter(from: { readonly phase: 1 | 2; readonly step: number } | null): void {
  set({ live: get().live.filter((p) => from !== null && (p.phase < from.phase || p.step <= from.step)) });
}

/** Longest time whose steps a closed window loses, milliseconds. */
const KEEP_MS = 2000;
let keptAt = 0;

function keepSoon(order: FitOrder): void {
  if (performance.now() - keptAt < KEEP_MS) return;
  keptAt = performance.now();
  const now = trainer().kept;
  if (now !== null) void keepTraining({ order, ...now });
}

/** A training ended before its end: it can go on from its last checkpoint. */
async function keepNow(order: FitOrder): Promise<void> {
  const now = trainer().kept;
  if (now === null) return;
  offer({ order, ...now });
  await keepTraining({ order, ...now });
}

function offer(from: KeptTraining): void {
  kept = from;
  set({ resumable: { phase: from.checkpoint.phase, step: from.checkpoint.at.step } });
}

/** Nothing is left to go on from. */
export function forgetKept(): void {
  kept = null;
  keptAt = performance.now();
  set({ resumable: null });
  void forgetTraining();
}

/** Offers a training that was under way when the page was left, or says why it cannot go on. Once. */
export async function haveKept(): Promise<void> {
  if (recalled) return;
  recalled = true;
  const from = await recallTraining();
  if (from === null || get().order !== null) return;
  if (typeof from === 'string') {
    set({ problem: from });
    return;
  }
  const { order, curve } = from;
  set({
    order,
    curveOf: order.name,
    points: curve,
    live: curve.map(({ phase, step, loss }) => ({ phase, step, loss })),
    said: `A training of ${nameInText(order.name)} was under way when this page was left.`,
  });
  offer(from);
}

/** Times both ways of training on what the knobs say, of which the transformer is a part. */
export async function measureCost(): Promise<void> {
  const { knobs, evenings, task } = get();
  if (task !== null) return;
  const plan = planOf({ ...knobs, member: 'cupid' satisfies TrainedMember, without: [] });
  const problem = problemOf({ ...knobs, member: 'cupid' }, evenings);
  if (problem !== null || plan.kind !== 'family') {
    set({ problem });
    return;
  }
  begin('cost', 'Getting ready');
  if (!(await haveEvenings(evenings))) return finish();
  const cost = await run(trainer().cost(plan.config, evenings, hear));
  if (cost !== undefined) set({ cost: { epochs: plan.config.epochs1, cost } });
  finish();
}

// For the console, and for the tests of the whole page.
const page = (globalThis as { halfsecond?: object }).halfsecond;
if (page !== undefined)
  Object.assign(page, { training: () => ({ loseDevice: () => trainer().loseDevice() }) });
