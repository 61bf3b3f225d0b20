import { expose, transfer } from 'comlink';
import { tableBuffers } from '../../src/base/table.ts';
import { LabError } from '../../src/base/errors.ts';
import { explainPerson } from '../why/explain.ts';
import type { ChartFeed, ChartWish, EngineApi, EngineStatus, Side, StartOptions } from './api.ts';
import { clockText } from './clock.ts';
import { Pacer } from './pacer.ts';
import { copyPhone } from './sky/phone.ts';
import { EngineSession } from './engine-session.ts';
import { buffersIn } from './matching/sent-pool.ts';
import { describePerson } from './sky/person.ts';
import { ModelCache } from './model-cache.ts';
import { WaitingHistory } from './timeline.ts';

/**
 * Min time between two statuses for the page, and between two sets of tables for the charts,
 * milliseconds.
 */
const STATUS_MS = 125;
const CHARTS_MS = 500;
/** Max time between two pauses in which the worker handles its messages, milliseconds. */
const RUN_MS = 30;
/** Number of ticks whose median duration tells how fast this machine is. */
const MEDIAN_OF = 15;

let assets = self.location.href;
const session = new EngineSession(new ModelCache(() => assets), () => publish(true));
const pacer = new Pacer();
let timelines = { main: new WaitingHistory(), other: new WaitingHistory() };
/** The side whose tables the charts draw. */
let shown: Side = 'main';
/** Whether the charts draw policy B beside it. */
let pair = false;
let listener: ((status: EngineStatus) => void) | null = null;
let charts: MessagePort | null = null;
/** Whether the person let it run, and whether nobody can see it. */
let playing = false;
let resting = false;
/** Counts loops: only the last one goes on. */
let loops = 0;
let nextFrame = 0;
let lastStatus = 0;
let lastCharts = 0;
/** Real milliseconds of the last ticks. */
let lasted: number[] = [];
/** Ticks, starts and comparisons run one after the other. */
let queue: Promise<unknown> = Promise.resolve();

function serial<T>(work: () => Promise<T>): Promise<T> {
  const result = queue.then(work, work);
  queue = result.catch(() => undefined);
  return result;
}

async function oneTick(): Promise<void> {
  const { markets } = session;
  if (markets === null) throw new LabError('the market has not started yet');
  const { tickNumber, policy } = markets.main.market;
  const began = performance.now();
  await session.tick();
  const now = performance.now();
  lasted = [...lasted.slice(1 - MEDIAN_OF), now - began];
  if (runs()) pacer.ticked(now, policy.tickMs);
  for (const side of ['main', 'other'] as const) {
    const waiting = markets[side]?.collector.waiting;
    if (waiting !== undefined) timelines[side].add(tickNumber, waiting);
  }
  publish();
}

const runs = () => playing && !resting;

async function loop(): Promise<void> {
  const own = ++loops;
  const goesOn = () => runs() && own === loops;
  pacer.restart(performance.now());
  while (goesOn()) {
    const wait = pacer.wait(performance.now());
    // Even at full speed the worker must handle its messages between two ticks.
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (!goesOn()) return;
    try {
      await serial(async () => {
        if (goesOn()) await oneTick();
      });
    } catch (error) {
      playing = false;
      session.notices.unshift(
        `The market stopped: ${error instanceof Error ? error.message : String(error)}`,
      );
      publish(true);
      throw error;
    }
  }
}

function status(): EngineStatus | null {
  const { markets, info } = session;
  if (markets === null || info === null) return null;
  const { market } = markets.main;
  const { backend, adapter, note } = info;
  return {
    running: runs(),
    runsOn: { backend, adapter, note },
    speed: pacer.speed,
    achievedSpeed: runs() ? pacer.achieved(performance.now()) : 0,
    tick: market.tickNumber,
    time: market.time,
    clock: clockText(market.scenario.population.startHour, market.time),
    main: markets.main.status(),
    other: markets.other?.status() ?? null,
    tickMs: lasted.length < MEDIAN_OF ? NaN : lasted.toSorted((a, b) => a - b)[MEDIAN_OF >> 1],
    lateTicks: pacer.late,
    notices: [...session.notices],
    markers: session.markers,
    changes: session.changes,
    timeline: {
      ...timelines.main.view(),
      other: markets.other === null ? null : timelines.other.view().waiting,
    },
  };
}

function publish(now = false): void {
  const time = performance.now();
  if (listener !== null && (now || time - lastStatus >= STATUS_MS)) {
    const next = status();
    if (next !== null) {
      lastStatus = time;
      listener(next);
    }
  }
  if (charts !== null && session.markets !== null && (now || time - lastCharts >= CHARTS_MS)) {
    lastCharts = time;
    const tick = session.markets.main.market.tickNumber;
    for (const beside of pair && session.markets.other !== null ? [true, false] : [false]) {
      const tables = session.markets.tables(beside ? 'other' : shown);
      const message: ChartFeed = { kind: 'tables', tick, tables, beside };
      charts.postMessage(message, tables.flatMap(tableBuffers));
    }
  }
}

const api: EngineApi = {
  setAssets(base) {
    assets = base;
  },
  setPeople(world) {
    session.people = world;
  },
  useModel: (scorer, bytes, header) => session.useModel(scorer, bytes, header),
  start: (options: StartOptions) =>
    serial(async () => {
      const info = await session.start(options);
      timelines = { main: new WaitingHistory(), other: new WaitingHistory() };
      lasted = [];
      pacer.reset();
      pacer.restart(performance.now());
      // Shows a first picture even if the market is paused.
      await oneTick();
      publish(true);
      return info;
    }),
  play() {
    if (playing) return;
    playing = true;
    if (!resting) void loop();
    publish(true);
  },
  pause() {
    playing = false;
    publish(true);
  },
  rest(unseen) {
    if (unseen === resting) return;
    resting = unseen;
    if (resting) cancelAnimationFrame(nextFrame);
    else frame(performance.now());
    if (runs()) void loop();
    publish(true);
  },
  step: () =>
    serial(async () => {
      await oneTick();
      publish(true);
    }),
  setSpeed(speed) {
    if (!(speed >= 0.1)) throw new LabError(`the speed must be at least 0.1; it is ${speed}`);
    pacer.restart(performance.now(), speed);
    publish(true);
  },
  async setPolicy(which, policy) {
    const refusal = await session.setPolicy(which, policy, (change) =>
      serial(() => Promise.resolve(change())),
    );
    publish(true);
    return refusal;
  },
  dropOther: () =>
    serial(() => {
      session.dropOther();
      publish(true);
      return Promise.resolve();
    }),
  showTables(side, beside) {
    shown = side;
    pair = beside;
    publish(true);
  },
  attachSky: (which, canvas, view) => session.skies.attach(which, canvas, view),
  setSkyView: (which, view) => session.skies.setView(which, view),
  detachSky: (which) => session.skies.detach(which),
  pick: (which, x, y) => session.skies.get(which)?.pick(x, y) ?? null,
  phone: (which, person) => {
    const { markets } = session;
    const observed = which === 'main' ? markets?.main : markets?.other;
    return observed ? copyPhone(observed, person) : null;
  },
  why: (side, person) =>
    serial(() => {
      const market = session.markets?.[side] ?? null;
      if (market === null || market.last === null) return Promise.resolve(null);
      const { world } = market.market;
      const why = explainPerson(market.last, world, person, (id, waited) =>
        describePerson(world, id, waited),
      );
      const place = session.skies.get(side)?.locate(person) ?? null;
      return Promise.resolve(why && { why, place });
    }),
  captureTick: () =>
    // Between two ticks, so that the pool is that of a finished one.
    serial(() => {
      const { markets } = session;
      if (markets === null) throw new LabError('the market has not started yet');
      const captured = markets.main.capture();
      return Promise.resolve(transfer(captured, buffersIn(captured.pool)));
    }),
  tickPairs: (count) =>
    serial(() => {
      const { markets } = session;
      if (markets === null) throw new LabError('the market has not started yet');
      return Promise.resolve(markets.main.pairs(count));
    }),
  connectCharts(port) {
    charts?.close();
    charts = port;
    port.onmessage = ({ data }: MessageEvent<ChartWish>) => {
      session.measure(data.metric);
      publish(true);
    };
    publish(true);
  },
  onStatus(next) {
    listener = next;
    publish(true);
  },
  loseDevice: () => {
    session.loseDevice();
    return Promise.resolve();
  },
  resources: () => session.resources(),
  async runTo(tick) {
    const { markets } = session;
    if (markets === null) throw new LabError('the market has not started yet');
    const { market } = markets.main;
    let last = performance.now();
    while (session.markets === markets && market.tickNumber < tick) {
      await serial(oneTick);
      // The worker must handle its messages. A pause takes milliseconds, so not after every tick.
      if (performance.now() - last < RUN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    }
    publish(true);
    return markets.main.reached;
  },
  tables: () => session.markets?.tables('main') ?? [],
  exportLog: (...args) => session.exportLog(...args),
  digest: () => {
    const { markets } = session;
    if (markets === null) throw new LabError('the market has not started yet');
    return markets.main.reached;
  },
};

function frame(now: number): void {
  session.skies.frame(now);
  nextFrame = requestAnimationFrame(frame);
}
frame(performance.now());

expose(api);
