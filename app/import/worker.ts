import { expose } from 'comlink';
import {
  importData,
  inspect,
  inspectAs,
  type Imported,
  type ImportStage,
} from '../../src/import/import-data.ts';
import type { Guess } from '../../src/import/read/guess.ts';
import type { Mapping } from '../../src/import/read/mapping.ts';
import type { ColumnKind, FileProfile } from '../../src/import/read/profile.ts';
import { blobSource } from '../../src/base/text/source.ts';

/** The first look at a file, small enough for the page. */
export interface Preview {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  readonly more: boolean;
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
  readonly first: readonly (readonly string[])[];
}

export interface ImportPreview {
  readonly people: Preview;
  readonly meetings: Preview;
  /** Whether the first file holds the people. */
  readonly inOrder: boolean;
  readonly mapping: Mapping;
}

/** An import without its tables of people and meetings. */
export type Reading = Omit<Imported, 'people' | 'meetings'> & {
  readonly people: number;
  readonly meetings: number;
};

export interface Files {
  readonly people: File;
  readonly meetings: File;
  /** The user's own vectors, if any. */
  readonly vectors?: File | null;
}

/** Minimum time between two reports of progress, milliseconds. */
const TELL_MS = 80;

const api = {
  /** Guesses which file is which and what each column means. */
  async inspect(one: File, other: File): Promise<ImportPreview> {
    const first = blobSource(one.name, one);
    const guess = await inspect(first, blobSource(other.name, other));
    // Two files may have the same name; then their sizes distinguish them.
    return previewOf(guess, guess.people.file === one.name && guess.people.bytes === one.size);
  },

  /** The same where the user says which file holds the people. */
  async inspectAs({ people, meetings }: Files): Promise<ImportPreview> {
    return previewOf(
      await inspectAs(blobSource(people.name, people), blobSource(meetings.name, meetings)),
      true,
    );
  },

  /** Reads the files and fits. To stop it, end the worker. */
  async read(
    { people, meetings, vectors }: Files,
    mapping: Mapping,
    tell: (stage: ImportStage, share: number) => void,
  ): Promise<Reading> {
    const sources = {
      people: blobSource(people.name, people),
      meetings: blobSource(meetings.name, meetings),
      ...(vectors && { vectors: blobSource(vectors.name, vectors) }),
    };
    const profiles = await inspectAs(sources.people, sources.meetings);
    let told = 0;
    const imported = await importData(sources, profiles, mapping, {
      progress: (stage, share) => {
        const now = performance.now();
        if (now - told < TELL_MS) return;
        told = now;
        tell(stage, share);
      },
    });
    return { ...imported, people: imported.people.count, meetings: imported.meetings.count };
  },
};

export type ImportApi = typeof api;

function previewOf(guess: Guess, inOrder: boolean): ImportPreview {
  return {
    people: preview(guess.people),
    meetings: preview(guess.meetings),
    inOrder,
    mapping: guess.mapping,
  };
}

function preview({ file, bytes, rows, more, columns, first }: FileProfile): Preview {
  return { file, bytes, rows, more, columns: columns.map(({ name, kind }) => ({ name, kind })), first };
}

expose(api);
