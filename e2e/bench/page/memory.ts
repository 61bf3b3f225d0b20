import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { must } from '../../../src/base/errors.ts';
import { DENSE, SLOTS } from '../../../src/model/layout/features.ts';
import { OUTCOMES } from '../../../src/model/layout/tokens.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { DEFAULT_CANDIDATES } from '../../../src/score/candidates/lists.ts';
import { RECENT_SLOTS } from '../../../src/score/types.ts';
import { createWorld } from '../../../src/world/world.ts';
import { memoryByPart } from '../../soak/page-memory.ts';
import { benchPart } from '../part.ts';
import { eveningOf, onPage } from './clicks.ts';
import type { Held } from './evening-memory.ts';

/** Simulated seconds of an evening, and the people in its world. */
const SECONDS = 120;
const WORLD = 100_000;
/** People who wait, about: in three of the evenings and in the other one. */
const [FEW, MANY] = [1250, 12_500];
/** What people take is given for so many of them. */
const UNIT = 10_000;
/** Length of a vector of the shipped towers. */
const DIM = 32;

interface Evening {
  readonly scenario: Scenario;
  readonly ticks: number;
}

/** People in the world, people who have arrived so far, and most people who waited in a tick. */
type People = Record<'world' | 'here' | 'waiting', number>;
type Name = 'few' | keyof People;
type Where = 'lab run' | 'page';
/** Megabytes of the parts of a process or of a page. */
type Parts = Readonly<Record<string, number>>;
type Measured = { readonly people: People } & Readonly<Record<Where, Parts>>;

interface MemoryRow {
  readonly where: Where;
  readonly what: string;
  readonly people: Partial<People>;
  readonly parts: Parts;
  readonly floor?: number;
}

const all = (parts: Parts) => Object.values(parts).reduce((sum, mb) => sum + mb, 0);

export const memoryPart = benchPart<MemoryRow>(
  `Memory on the CPU backend after ${SECONDS} simulated seconds, MB after a collection; what 10,000 people more take, and its floor`,
  ({ progress }) => [{ name: 'lab run and page', run: () => memoryRows(progress) }],
  {
    '': ({ where, what }) => `${where}: ${what}`,
    'in the world': (row) => row.people.world,
    'were here': (row) => row.people.here,
    waiting: (row) => row.people.waiting,
    heap: (row) => row.parts['heap'],
    'typed arrays': (row) => row.parts['arrays'],
    WebAssembly: (row) => row.parts['wasm'],
    page: (row) => row.parts['page'],
    engine: (row) => row.parts['engine'],
    'match workers': (row) => row.parts['match'],
    charts: (row) => row.parts['charts'],
    all: (row) => all(row.parts),
    floor: (row) => row.floor,
    'over floor': (row) => row.floor && all(row.parts) / row.floor,
  },
);

/** Four evenings: each but the first has more of one kind of people than another one. */
function evenings(): Record<Name, Evening> {
  const most = eveningOf(MANY);
  const fewer = MANY / FEW;
  const of = (population: Partial<Scenario['population']>, slower: number): Evening => {
    const policy = { ...most.policy, tickMs: Math.round(most.policy.tickMs / slower) };
    const scenario = { ...most, policy, population: { ...most.population, people: WORLD, ...population } };
    return { scenario, ticks: Math.round((1000 * SECONDS) / policy.tickMs) };
  };
  const { online, arrivalsPerMinute } = most.population;
  return {
    few: of({ online: online / fewer, arrivalsPerMinute: arrivalsPerMinute / fewer }, 1),
    here: of({}, fewer),
    waiting: of({}, 1),
    world: of({ people: 2 * WORLD }, fewer),
  };
}

/**
 * Bytes that a person cannot do without. In the world: the columns of `People`. Who was here: the
 * last partners, where they are, since when, until when and with whom; and what scorers of sessions
 * know of them, a profile and sums of outcomes. Who waits: what the kernel reads (vectors of 16
 * bits), a list of candidates, and the result.
 */
function floors({ scenario }: Evening): People {
  const { count, ...columns } = createWorld(scenario).people;
  const world = Object.values(columns).reduce((sum, column) => sum + column.byteLength, 0) / count;
  const [word, real] = [4, 8];
  const stay = RECENT_SLOTS * word + 2 * real + 3 * word + 3;
  const session = (SLOTS + DENSE) * word + OUTCOMES * real;
  const input = 2 * 2 * DIM + (6 + RECENT_SLOTS) * word;
  return { world, here: stay + session, waiting: input + DEFAULT_CANDIDATES * 2 * word + 3 * word };
}

async function memoryRows(progress: (text: string) => void): Promise<MemoryRow[]> {
  must(
    availableParallelism() === 1,
    `memory is measured on one core, because a browser may count what threads share several times; this process has ${availableParallelism()}: begin the command with taskset -c 0`,
  );
  const asked = evenings();
  const measured: Partial<Record<Name, Measured>> = {};
  for (const [name, evening] of Object.entries(asked) as [Name, Evening][]) {
    progress(`  ${name}`);
    const { here, waiting, ...held } = await inNode(evening);
    const node = Object.fromEntries(Object.entries(held).map(([part, bytes]) => [part, bytes / 1e6]));
    // The page lives through the same evening, with the same kernels, whose memory is not counted.
    const page = { ...(await onThePage(evening)), wasm: node['wasm'] };
    const people = { world: evening.scenario.population.people, here, waiting };
    measured[name] = { people, 'lab run': node, page };
  }
  const all4 = measured as Record<Name, Measured>;
  const floor = floors(asked.few);
  return (['lab run', 'page'] as const).flatMap((where) => [
    ...Object.values(all4).map(({ people, [where]: parts }) => ({ where, what: 'evening', people, parts })),
    ...Object.entries(perUnit(all4, where)).map(([kind, parts]) => ({
      ...{ where, what: called[kind as keyof People], people: {}, parts },
      floor: (floor[kind as keyof People] * UNIT) / 1e6,
    })),
  ]);
}

const called = {
  waiting: '10,000 more who wait',
  world: '10,000 more in the world',
  here: '10,000 more who were here',
} as const;

/** What people take, from pairs of evenings; what is known already is taken off the difference. */
function perUnit({ few, here, waiting, world }: Record<Name, Measured>, where: Where) {
  const found: Partial<Record<keyof People, Parts>> = {};
  const compared = { waiting: [waiting, here], world: [world, here], here: [here, few] } as const;
  for (const kind of ['waiting', 'world', 'here'] as const) {
    const [more, less] = compared[kind];
    const extra = (of: keyof People) => (more.people[of] - less.people[of]) / UNIT;
    const known = Object.entries(found) as [keyof People, Parts][];
    found[kind] = Object.fromEntries(
      Object.keys({ ...less[where], ...more[where] }).map((part) => {
        const taken = known.reduce((sum, [of, parts]) => sum + extra(of) * (parts[part] ?? 0), 0);
        const difference = (more[where][part] ?? 0) - (less[where][part] ?? 0);
        return [part, (difference - taken) / extra(kind)];
      }),
    );
  }
  return found as Record<keyof People, Parts>;
}

/** In a process of its own: the memory of the kernels never shrinks. */
function inNode(evening: Evening): Promise<Held> {
  const child = fork(new URL('./evening-memory.ts', import.meta.url), [JSON.stringify(evening)], {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (held: Held) => {
      child.kill();
      resolve(held);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the evening ended with exit code ${code}`)));
  });
}

function onThePage({ scenario, ticks }: Evening): Promise<Parts> {
  return onPage('', async (page) => {
    await page.evaluate(
      async ([of, until]) => {
        const engine = globalThis.halfsecond!.engine()!;
        await engine.pause();
        await engine.start({ scenario: of, other: null, backend: 'cpu' });
        await engine.runTo(until);
      },
      [scenario, ticks] as const,
    );
    // A worker may still hold the arrays of its last tick: the less of two measurements counts.
    const once = await memoryByPart(page);
    const again = await memoryByPart(page);
    return Object.fromEntries(
      Object.entries(again).map(([part, mb]) => [part, Math.min(mb, once[part] ?? mb)]),
    );
  });
}
