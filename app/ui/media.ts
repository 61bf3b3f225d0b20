import { useSyncExternalStore } from 'react';
import { useUi } from '../state/ui-store.ts';

/** Whether a media query matches; follows changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}

/** Whether the page is dark: the person's choice, or the system's. */
export function useDark(): boolean {
  const theme = useUi((s) => s.theme);
  const system = useMedia('(prefers-color-scheme: dark)');
  return theme === 'auto' ? system : theme === 'dark';
}

export function useReducedMotion(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)');
}

/** Whether two policies have room side by side in the instruments; a lesson takes that room. */
export function usePairRoom(): boolean {
  const inLesson = useUi((s) => s.lesson !== null);
  return useMedia('(min-width: 1600px)') && !inLesson;
}

/** The layout for narrow windows: one column, tabs. */
export function useNarrow(): boolean {
  return useMedia('(max-width: 860px)');
}
