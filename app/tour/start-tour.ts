import { useEffect } from 'react';
import { readSetting, writeSetting } from '../state/storage.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';

/** The setting that remembers a tour. */
const SETTING = 'tour';
/** The notice of a failure. */
const FAILED = 'tour';

/** Starts the tour. It is loaded on the first start; a failure is a notice with a retry. */
export function startTour(): void {
  useStatus.getState().dismiss(FAILED);
  import('./tour.ts').then(
    ({ default: driveTour }) => driveTour(() => writeSetting(SETTING, 'done')),
    () =>
      useStatus.getState().notify(FAILED, 'The tour could not be loaded. Check the connection.', {
        text: 'Try again',
        run: startTour,
      }),
  );
}

/** Starts the tour on the first visit, after the first tick, but not over a lesson. */
export function useFirstVisitTour(): void {
  const ready = useStatus((s) => s.status !== null && s.status.tick > 0);
  const inLesson = useUi((s) => s.lesson !== null);
  useEffect(() => {
    if (!ready || inLesson || readSetting(SETTING) !== null || useUi.getState().hidden.has('lessons')) return;
    writeSetting(SETTING, 'seen');
    startTour();
  }, [ready, inLesson]);
}
