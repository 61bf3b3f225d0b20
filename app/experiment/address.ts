import { create } from 'zustand';

/** Entries of an address, without their prefix. */
export type LinkEntries = readonly (readonly [path: string, value: string])[];

interface ExperimentLink {
  /**
   * The experiment as the address has it, while its room is open; null while it is closed. The room
   * reads and writes it; the address follows without loading the room.
   */
  readonly entries: LinkEntries | null;
  /** Counts the links that were opened: the room then reads its entries. */
  readonly opened: number;
  /** The progress of the room's task, as the top bar shows it; '' without a task. */
  readonly progress: string;
}

export const useExperimentLink = create<ExperimentLink>(() => ({ entries: null, opened: 0, progress: '' }));

/** Takes the entries of a link that was opened. */
export function openExperiment(entries: LinkEntries): void {
  useExperimentLink.setState({ entries, opened: useExperimentLink.getState().opened + 1 });
}
