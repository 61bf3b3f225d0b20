import { nameInText, nameOf, nameText, OWN } from '../names.ts';
import { familyConfig, planOf } from '../settings.ts';
import type { FitOrder, News } from '../worker/protocol.ts';
import { judgeModels } from './judging.ts';
import { forgetTraining, recallTraining, saveTraining, type SavedTraining } from './saved-training.ts';
import { problemOfSettings, useTrain } from './store.ts';
import { begin, finish, hear, progress, recordEvenings, run, trainer } from './task.ts';

const set = useTrain.setState;
const get = useTrain.getState;

let trained = 0;
/** The cancelled training that can go on, also after a reload. */
let saved: SavedTraining | null = null;
let recalled = false;

/** Trains by the settings, then judges the model. */
export async function startTraining(): Promise<void> {
  const { settings, without, task } = get();
  if (task !== null) return;
  const problem = problemOfSettings(get());
  if (problem !== null) {
    set({ problem });
    return;
  }
  begin('training', 'Preparing');
  dropSaved();
  const { model, evenings, device: wish } = settings;
  const order: FitOrder = { ...planOf(settings, without), name: nameOf(model, without), evenings, wish };
  set({ live: [], points: [], losses: [], place: null, order });
  if (!(await recordEvenings(evenings))) return finish();
  await trainAndJudge(order, false);
}

/** Goes on from the last checkpoint of a training that was cancelled or interrupted. */
export async function resumeTraining(): Promise<void> {
  const from = saved;
  if (get().task !== null || from === null) return;
  begin('training', 'Preparing');
  const { order, checkpoint } = from;
  set({ resumable: null, order, settings: { ...get().settings, evenings: order.evenings } });
  if (!(await recordEvenings(order.evenings))) {
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
    progress('Starting again from there', null);
    const { checkpoint } = trainer().state ?? {};
    forgetAfter(checkpoint === undefined ? null : { phase: checkpoint.phase, step: checkpoint.at.step });
  };
  const listen = (news: News) => {
    hear(news);
    if (news.kind === 'report') saveSoon(order);
  };
  const result = await run(trainer().fit(order, listen, lost, resume));
  if (result === undefined) {
    await saveNow(order);
    return finish();
  }
  dropSaved();
  const { bytes, header, stepMs } = result;
  const name = `${order.name}${OWN}${++trained}`;
  set({
    models: [...get().models, { name, origin: 'trained', weights: { bytes, header }, stepMs }],
    said: `${nameText(order.name)} is trained: ${header.bytes.toLocaleString('en')} bytes of weights, hash ${header.hash}.`,
  });
  await judgeModels([order.name, name]);
}

/** Drops the live points after a checkpoint: their steps are taken again. */
function forgetAfter(from: { readonly phase: 1 | 2; readonly step: number } | null): void {
  set({ live: get().live.filter((p) => from !== null && (p.phase < from.phase || p.step <= from.step)) });
}

/** Min time between two saves, milliseconds. A closed window loses about as much. */
const SAVE_MS = 2000;
let savedAt = 0;

function saveSoon(order: FitOrder): void {
  if (performance.now() - savedAt < SAVE_MS) return;
  savedAt = performance.now();
  const { state } = trainer();
  if (state !== null) void saveTraining({ order, ...state });
}

/** Saves a training that was cancelled or failed, and offers to go on. */
async function saveNow(order: FitOrder): Promise<void> {
  const { state } = trainer();
  if (state === null) return;
  offer({ order, ...state });
  await saveTraining({ order, ...state });
}

function offer(from: SavedTraining): void {
  saved = from;
  set({ resumable: { phase: from.checkpoint.phase, step: from.checkpoint.at.step } });
}

/** Deletes the saved training. */
export function dropSaved(): void {
  saved = null;
  savedAt = performance.now();
  set({ resumable: null });
  void forgetTraining();
}

/** Offers the training that a reload interrupted, or says why it cannot go on. Does so once. */
export async function recallSaved(): Promise<void> {
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
    points: curve,
    live: curve.map(({ phase, step, loss }) => ({ phase, step, loss })),
    said: `A training of ${nameInText(order.name)} was running when this page was closed.`,
  });
  offer(from);
}

/** Times training in one phase and in two, for CUPID with the settings of the family. */
export async function measureCost(): Promise<void> {
  const { settings, task } = get();
  if (task !== null) return;
  const problem = problemOfSettings({ ...get(), settings: { ...settings, model: 'cupid' } });
  if (problem !== null) {
    set({ problem });
    return;
  }
  const config = familyConfig('cupid', settings);
  const { evenings } = settings;
  begin('cost', 'Preparing');
  if (!(await recordEvenings(evenings))) return finish();
  const cost = await run(trainer().run('cost', { config, evenings }, hear));
  if (cost !== undefined) set({ cost: { epochs: config.epochs1, cost } });
  finish();
}

// For the console and the page's tests.
const page = (globalThis as { halfsecond?: object }).halfsecond;
if (page !== undefined)
  Object.assign(page, { training: () => ({ loseDevice: () => trainer().loseDevice() }) });
