import { useEffect } from 'react';
import { useStatus } from '../state/status-store.ts';

/** Keeps the note on the backend from covering what is shown. Returns the note. */
export function useQuietBackend(): string {
  const note = useStatus((s) => s.info?.note ?? '');
  useEffect(() => useStatus.getState().dismiss(`backend:${note}`), [note]);
  return note;
}
