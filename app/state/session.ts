import type { Policy, Scenario, PolicyStage } from '../../src/scenario/schema.ts';
import type { EngineStatus, Side } from '../engine/api.ts';
import type { Engine } from '../engine/client.ts';
import { worldOf } from '../import/worlds.ts';
import { happeningsOf } from './happenings.ts';
import type { Draft } from './knobs.ts';
import { livePolicy, lived, useScenario } from './scenario-store.ts';
import { reach, takeAsked } from '../run/run-point.ts';
import { useStatus } from './status-store.ts';
import { latest } from './timing.ts';

/** Delay from the last change of the world to the restart of the market, milliseconds. */
const RESTART_MS = 600;
/**
 * Min time between two policies while a slider is dragged, milliseconds. The first is sent at once.
 */
const POLICY_MS = 80;

const RESTART_NOTICE = 'restart';
/** How long the restart notice is shown, milliseconds. */
const NOTICE_MS = 5000;

export const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, Infinity] as const;

export interface StartChoices {
  backend: 'auto' | 'cpu' | 'gpu';
  /** Whose latency the tables show (StartOptions of the engine). */
  machine: 'own' | 'slow';
}

/** Connects the stores to the engine: follows the scenario and executes commands. */
export interface SessionController {
  /** Creates an engine worker and starts the market. Call it again after the worker has died. */
  launch(): void;
  toggle(): void;
  step(): void;
  setSpeed(speed: number): void;
  /** One step faster or slower. */
  nudgeSpeed(notches: 1 | -1): void;
  /**
   * Restarts the evening at tick 0: with the changes made so far at their times, or under the
   * policy as it is now.
   */
  reset(changes: 'repeat' | 'forget'): void;
  choose(choices: Partial<StartChoices>): void;
  readonly choices: Readonly<StartChoices>;
  dispose(): void;
}

/** An engine worker as its owner sees it. */
export interface EngineHandle {
  readonly calls: Engine;
  dispose(): void;
}

/**
 * `makeEngine` is called once per worker. The session runs until it is disposed of, even if React
 * unmounts the page.
 */
export function createSession(
  makeEngine: (onDeath: (reason: string) => void) => EngineHandle,
  backend: StartChoices['backend'] = 'auto',
): SessionController {
  const choices: StartChoices = { backend, machine: 'own' };
  let handle: EngineHandle | null = null;
  let engine: Engine | null = null;
  let starting: Promise<void> | null = null;
  let startAgain = false;
  let happened = 0;
  /** Key of the imported people that the engine holds. */
  let peopleSent = '';
  let restartTimer: ReturnType<typeof setTimeout> | undefined;

  const ask = (order: (engine: Engine) => Promise<unknown>) => {
    if (engine === null) return;
    const asked = engine;
    order(asked).catch((error: unknown) => {
      if (asked === engine) useStatus.getState().fail(error);
    });
  };

  const begin = async (target: Engine) => {
    const { scenario, other } = useScenario.getState();
    const own = worldOf(scenario.cast);
    if (own !== undefined && peopleSent !== scenario.cast) {
      await target.setPeople(own);
      peopleSent = scenario.cast;
    }
    const run = takeAsked();
    // The link of a GPU run opens on whatever this machine has; the digests mostly agree.
    if (run.backend !== undefined && backend === 'auto')
      choices.backend = run.backend === 'cpu' ? 'cpu' : 'auto';
    if (run.tick !== undefined) useStatus.setState({ playing: false });
    const info = await target.start({ scenario, other, ...choices });
    if (target !== engine) return;
    useScenario.setState({ opening: { scenario, other } });
    // Another start may already be due.
    useStatus.setState({ phase: startAgain ? 'starting' : 'ready', info, error: null });
    const { playing, speed } = useStatus.getState();
    await target.setSpeed(speed);
    await (playing ? target.play() : target.pause());
    if (run.tick !== undefined) ask((e) => reach(e, run));
    setTimeout(() => useStatus.getState().dismiss(RESTART_NOTICE), NOTICE_MS);
  };

  /** Restarts the market. A call during a restart leads to one more, with the latest scenario. */
  const restart = () => {
    clearTimeout(restartTimer);
    if (engine === null) return;
    if (starting !== null) {
      startAgain = true;
      useStatus.setState({ phase: 'starting' });
      return;
    }
    const target = engine;
    happened = 0;
    useScenario.setState({ staged: { main: {}, other: {} }, opening: null });
    useStatus.setState({ phase: 'starting', error: null, markers: [] });
    const current: Promise<void> = begin(target)
      .catch((error: unknown) => {
        if (target === engine) useStatus.getState().fail(error, 'failed');
      })
      .finally(() => {
        // A new engine may have been launched by now. Its start is still pending.
        if (starting !== current) return;
        starting = null;
        if (startAgain) {
          startAgain = false;
          restart();
        }
      });
    starting = current;
  };

  const send = (side: Side) =>
    latest(POLICY_MS, () => {
      const state = useScenario.getState();
      const policy = livePolicy(state, side);
      if (starting !== null || policy === null) return;
      ask(async (e) => {
        const refusal = await e.setPolicy(side, policy);
        if (refusal && e === engine) useScenario.getState().refuse(side, refusal.runs, refusal.why);
      });
    });
  const sendMain = send('main');
  const sendOther = send('other');

  /**
   * Applies the scenario's own changes: new policies to the controls, all changes to the time line.
   */
  const followScenario = ({ time, tick }: EngineStatus) => {
    const { scenario, staged } = useScenario.getState();
    const due = happeningsOf(scenario).filter(({ atSeconds }) => atSeconds <= time);
    if (starting !== null || due.length <= happened) return;
    const fresh = due.slice(happened);
    happened = due.length;
    const changesOf = (not: PolicyStage['side']) =>
      Object.assign(
        {},
        ...fresh.filter(({ side }) => side !== not).map(({ policy }) => policy),
      ) as Partial<Policy>;
    const ticksAgo = (at: number) => Math.floor(((time - at) * 1000) / scenario.policy.tickMs);
    useScenario.setState({
      staged: {
        main: { ...staged.main, ...changesOf('b') },
        other: { ...staged.other, ...changesOf('a') },
      },
    });
    useStatus.setState({
      markers: [
        ...useStatus.getState().markers,
        ...fresh.map(({ atSeconds, text }) => ({ tick: Math.max(0, tick - ticksAgo(atSeconds)), text })),
      ],
    });
  };

  const follow = (now: Draft & { loads: number }, before: Draft & { loads: number }) => {
    if (engine === null) return;
    if (now.loads !== before.loads) {
      restart();
      return;
    }
    if (!sameWorld(now.scenario, before.scenario)) {
      useStatus
        .getState()
        .notify(RESTART_NOTICE, 'You changed the people or their behaviour, so the evening starts again.');
      clearTimeout(restartTimer);
      restartTimer = setTimeout(restart, RESTART_MS);
      return;
    }
    if (now.other === null && before.other !== null && starting === null) {
      // The evening of A goes on without B.
      ask((e) => e.dropOther());
      return;
    }
    if ((now.other === null) !== (before.other === null)) {
      restart();
      return;
    }
    const main = now.scenario.policy !== before.scenario.policy;
    const other = now.other !== before.other;
    // A market that is still being built got the old policy, so it starts once more.
    if (starting !== null && (main || other)) startAgain = true;
    if (main) sendMain();
    if (other) sendOther();
  };
  const unfollow = useScenario.subscribe(follow);

  return {
    launch() {
      handle?.dispose();
      starting = null;
      startAgain = false;
      const opened = makeEngine((reason) => {
        if (handle === opened) useStatus.getState().fail(reason, 'dead');
      });
      handle = opened;
      const fresh = opened.calls;
      engine = fresh;
      peopleSent = '';
      useStatus.setState({ engine: fresh, phase: 'starting', info: null, status: null, error: null });
      ask((e) =>
        e.onStatus((status) => {
          if (fresh !== engine) return;
          useStatus.setState({ status });
          followScenario(status);
        }),
      );
      restart();
    },
    toggle() {
      const playing = !useStatus.getState().playing;
      useStatus.setState({ playing });
      if (starting === null) ask((e) => (playing ? e.play() : e.pause()));
    },
    step() {
      useStatus.setState({ playing: false });
      if (starting !== null) return;
      ask(async (e) => {
        await e.pause();
        await e.step();
      });
    },
    setSpeed(next) {
      useStatus.setState({ speed: next });
      if (starting === null) ask((e) => e.setSpeed(next));
    },
    nudgeSpeed(notches) {
      const at = speeds.findIndex((s) => s >= useStatus.getState().speed);
      this.setSpeed(speeds[Math.min(speeds.length - 1, Math.max(0, at + notches))]);
    },
    reset(changes) {
      if (changes === 'repeat') useScenario.getState().load(lived());
      else restart();
    },
    choose(next) {
      Object.assign(choices, next);
      restart();
    },
    choices,
    dispose() {
      unfollow();
      clearTimeout(restartTimer);
      handle?.dispose();
      handle = engine = null;
    },
  };
}

/** Whether two scenarios differ at most in name and policy. */
function sameWorld(a: Scenario, b: Scenario): boolean {
  return (
    a.seed === b.seed &&
    a.cast === b.cast &&
    a.population === b.population &&
    a.behaviour === b.behaviour &&
    a.shock === b.shock &&
    a.stages === b.stages
  );
}
