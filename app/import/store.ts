import { create } from 'zustand';
import type { ImportStage } from '../../src/import/import-data.ts';
import type { Mapping } from '../../src/import/read/mapping.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useUi } from '../state/ui-store.ts';
import { Cancelled, type WorkerJob } from '../worker/worker-client.ts';
import { lookAt, lookAtAs, readFiles } from './client.ts';
import { keepWorld, worldOf } from './worlds.ts';
import type { ImportPreview, Reading } from './worker.ts';

/** What the page shows about an import; nothing in it has an entry per person. */
export type ImportSummary = Omit<Reading, 'world'> & {
  readonly cast: string;
  readonly groups: readonly string[];
  readonly sides: readonly string[];
};

type Phase = 'files' | 'looking' | 'columns' | 'reading' | 'report';

interface ImportState {
  readonly phase: Phase;
  /** At most two, in the order in which they were added. */
  readonly files: readonly File[];
  /** A table of vectors of these people, for a scorer of the user's own. */
  readonly vectors: File | null;
  /** Index of the file with the people, once it is known. */
  readonly peopleAt: 0 | 1;
  readonly look: ImportPreview | null;
  readonly mapping: Mapping | null;
  readonly progress: { readonly stage: ImportStage; readonly share: number } | null;
  readonly summary: ImportSummary | null;
  readonly error: string | null;
  readonly said: string | null;
  /** One more file beside people and meetings is a table of vectors. */
  readonly add: (files: readonly File[]) => void;
  readonly setVectors: (file: File | null) => void;
  readonly remove: (index: number) => void;
  readonly swap: () => void;
  readonly choose: (change: Partial<Mapping>) => void;
  readonly read: () => void;
  readonly cancel: () => void;
  readonly back: () => void;
  /** Runs the market with these people; can be undone. */
  readonly use: () => void;
}

let job: WorkerJob<unknown> | null = null;

/** State of an import from two files. The running market does not change before `use`. */
export const useImport = create<ImportState>((set, get) => {
  const run = <T>(started: WorkerJob<T>, then: (value: T) => void, otherwise: Phase) => {
    job?.cancel();
    job = started;
    started.done.then(
      (value) => {
        if (job !== started) return;
        job = null;
        then(value);
      },
      (error: unknown) => {
        if (job !== started) return;
        job = null;
        if (error instanceof Cancelled)
          set({ phase: otherwise, progress: null, said: 'Cancelled. Nothing was changed.' });
        else
          set({
            phase: otherwise,
            progress: null,
            error: error instanceof Error ? error.message : String(error),
          });
      },
    );
  };
  const looked = (look: ImportPreview) => set({ phase: 'columns', look, mapping: look.mapping });

  return {
    phase: 'files',
    files: [],
    vectors: null,
    peopleAt: 0,
    look: null,
    mapping: null,
    progress: null,
    summary: null,
    error: null,
    said: null,
    add(given) {
      const { files: present, phase } = get();
      if (given.length === 1 && present.length === 2 && phase === 'columns') {
        get().setVectors(given[0]);
        return;
      }
      const { tables: fresh, vectors } = sortFiles(given);
      if (vectors !== undefined) set({ vectors });
      if (fresh.length === 0) return;
      job?.cancel();
      const before = get().files.length >= 2 || fresh.length >= 2 ? [] : get().files;
      const files = [...before, ...fresh].slice(0, 2);
      const said =
        fresh.length > 2 ? `Two files are needed; the first two of ${fresh.length} were taken.` : null;
      if (before.length === 0 && vectors === undefined) set({ vectors: null });
      set({ files, look: null, mapping: null, summary: null, error: null, said, phase: 'files' });
      if (files.length < 2) return;
      set({ phase: 'looking' });
      run(
        lookAt(files[0], files[1]),
        (look) => {
          set({ peopleAt: look.inOrder ? 0 : 1 });
          looked(look);
        },
        'files',
      );
    },
    setVectors: (vectors) => set({ vectors, error: null, said: null }),
    remove(index) {
      job?.cancel();
      set({
        files: get().files.filter((_, i) => i !== index),
        ...{ look: null, mapping: null, summary: null, error: null, said: null, phase: 'files' as const },
      });
    },
    swap() {
      const { files, peopleAt } = get();
      const now = peopleAt === 0 ? 1 : 0;
      set({ peopleAt: now, phase: 'looking', error: null, said: null });
      run(lookAtAs({ people: files[now], meetings: files[1 - now] }), looked, 'files');
    },
    choose(change) {
      const { mapping } = get();
      if (mapping !== null) set({ mapping: { ...mapping, ...change }, error: null, said: null });
    },
    read() {
      const { files, vectors, peopleAt, mapping } = get();
      if (mapping === null) return;
      set({ phase: 'reading', progress: null, error: null, said: null });
      run(
        readFiles(
          { people: files[peopleAt], meetings: files[1 - peopleAt], vectors },
          mapping,
          (stage, share) => {
            if (get().phase === 'reading') set({ progress: { stage, share } });
          },
        ),
        ({ world, ...rest }) => {
          keepWorld(world);
          const { key: cast, groupNames: groups, sideNames: sides } = world.cast;
          set({ phase: 'report', progress: null, summary: { ...rest, cast, groups, sides } });
        },
        'columns',
      );
    },
    cancel: () => job?.cancel(),
    back: () => set({ phase: 'columns', error: null, said: null }),
    use() {
      const world = worldOf(get().summary?.cast ?? '');
      if (world === undefined) return;
      const { scenario } = useScenario.getState();
      const { policy } = world.scenario;
      const knows = world.cast.vectors !== undefined;
      // Vectors are imported to be used; without them there is no such scorer.
      const scorer = knows
        ? 'vectors'
        : scenario.policy.scorer === 'vectors'
          ? 'towers'
          : scenario.policy.scorer;
      // Keep the user's policy, except for the tick length, which depends on the number of people.
      useScenario.getState().load({
        scenario: {
          ...world.scenario,
          policy: { ...scenario.policy, scorer, threshold: 0, tickMs: policy.tickMs },
        },
        other: null,
      });
      useUi.getState().open(null);
    },
  };
});

/** Of three files or more, the one that is named so holds the vectors, else the third. */
function sortFiles(given: readonly File[]): { tables: readonly File[]; vectors?: File } {
  if (given.length !== 3) return { tables: given };
  const vectors = given.find((file) => /vector|embedding/i.test(file.name)) ?? given[2];
  return { tables: given.filter((file) => file !== vectors), vectors };
}
