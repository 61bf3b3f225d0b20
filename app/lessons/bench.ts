import { parsePolicy, scenario as parsed } from '../../src/scenario/parse.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Engine } from '../engine/client.ts';
import { livePolicy, useScenario } from '../state/scenario-store.ts';
import type { SessionController } from '../state/session.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import type { Bench, LessonCommand, Lesson, Look } from './format.ts';
import { keepNotes, judgeOpen, useLessons } from './store.ts';

/** Ticks between two looks of a run. */
const LOOK_EVERY = 20;

/** Opens the evening of a lesson: its seed, size, policies and machine; it plays at speed 1. */
export function openEvening(session: SessionController, { setup }: Lesson): void {
  const { scenario, other, machine = 'own', mystery = false } = setup;
  const whole = parsed(scenario);
  const { playing, speed } = useStatus.getState();
  if (!playing) session.toggle();
  if (speed !== 1) session.setSpeed(1);
  if (session.choices.machine !== machine) session.choose({ machine });
  useUi.setState({ mystery, side: other === undefined ? 'main' : useUi.getState().side });
  useScenario.getState().load({
    scenario: whole,
    other: other === undefined ? null : parsePolicy({ ...whole.policy, ...other }),
  });
}

/** Leaves a lesson: the evening goes on, on this machine, with its alarms. */
export function leaveEvening(session: SessionController): void {
  useUi.setState({ mystery: false });
  if (session.choices.machine !== 'own') session.choose({ machine: 'own' });
}

/**
 * What the engine says now; null while it starts, and if another one has replaced it since.
 * @param tick - that of the tables, if the caller knows it better than the last status.
 */
async function takeLook(tick?: number): Promise<Look | null> {
  const { engine, info, phase } = useStatus.getState();
  if (engine === null || info === null || phase !== 'ready') return null;
  const tables = await engine.tables();
  const now = useStatus.getState();
  if (now.info !== info || now.phase !== 'ready' || now.status === null) return null;
  return {
    ...{ tick: tick ?? now.status.tick, status: now.status, scenario: info.scenario },
    tables: new Map(tables.map((table) => [table.name, table])),
  };
}

const worldOf = ({ seed, cast, population, behaviour, shock, stages }: Scenario) =>
  JSON.stringify({ seed, cast, population, behaviour, shock, stages });

/** Whether the engine runs the world that the page shows. */
function settled(): boolean {
  const { phase, info, error } = useStatus.getState();
  if (phase === 'failed' || phase === 'dead') throw new Error(error ?? 'The market has stopped.');
  return (
    phase === 'ready' && info !== null && worldOf(info.scenario) === worldOf(useScenario.getState().scenario)
  );
}

/** The engine, once it runs what the page shows. */
async function ready(): Promise<Engine> {
  await new Promise<void>((resolve, reject) => {
    const check = () => {
      try {
        if (!settled()) return;
        stop();
        resolve();
      } catch (error) {
        stop();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const stop = useStatus.subscribe(check);
    check();
  });
  const { engine } = useStatus.getState();
  if (engine === null) throw new Error('The market has not started yet.');
  return engine;
}

/** Runs a command of the open lesson. A failure is shown in the card. */
export async function runCommand(
  session: SessionController,
  lesson: Lesson,
  command: LessonCommand,
): Promise<void> {
  if (useLessons.getState().busy !== '') return;
  const { step, met } = useLessons.getState().progress[lesson.id];
  /** Whether the person is still at this step. */
  const live = () => {
    const state = useLessons.getState().progress[lesson.id];
    return useUi.getState().lesson === lesson.id && state.step === step;
  };
  const over = () =>
    !live() || (!met.includes(step) && useLessons.getState().progress[lesson.id].met.includes(step));
  const bench: Bench = {
    set: (path, value, side) => useScenario.getState().set(path, value, side),
    async open(scenario, other = null) {
      useScenario.getState().load({ scenario: parsed(scenario), other });
      await ready();
    },
    async restart() {
      session.reset('forget');
      await ready();
    },
    async run(ticks, every = LOOK_EVERY) {
      const engine = await ready();
      const { tick: from } = await engine.digest();
      for (let done = 0; done < ticks && !over();) {
        done = Math.min(ticks, done + every);
        const reached = await engine.runTo(from + done);
        const look = await takeLook(reached.tick);
        if (look !== null && live()) judgeOpen(look);
        // The engine has restarted in the meantime.
        if (reached.tick < from + done) return;
      }
    },
    runFor: (seconds) => bench.run(ticksIn(seconds)),
    look: () => takeLook(),
    capture: async () => (await ready()).captureTick(),
    note(notes) {
      if (live()) keepNotes(notes);
    },
  };
  useLessons.setState({ busy: command.text, problem: '' });
  try {
    const notes = await command.run(bench, useLessons.getState().progress[lesson.id].notes);
    if (notes !== undefined) bench.note(notes);
  } catch (error) {
    if (live()) useLessons.setState({ problem: error instanceof Error ? error.message : String(error) });
  } finally {
    useLessons.setState({ busy: '' });
  }
}

/** Looks at the engine whenever a tick was seen, until the result is called. */
export function watchEngine(): () => void {
  let looking = false;
  let last = -1;
  return useStatus.subscribe(({ status }) => {
    if (status === null || status.tick === last || looking || useLessons.getState().busy !== '') return;
    last = status.tick;
    looking = true;
    takeLook()
      .then((look) => {
        if (look !== null && useLessons.getState().busy === '') judgeOpen(look);
      })
      // A failure here is a dead engine, which its owner reports.
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  });
}

/** Simulated seconds as ticks of the policy that the page shows. */
function ticksIn(seconds: number): number {
  const policy = livePolicy(useScenario.getState(), 'main');
  return Math.ceil((seconds * 1000) / (policy?.tickMs ?? 500));
}
