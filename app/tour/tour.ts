import type { DriveStep } from 'driver.js';
import { useEffect } from 'react';
import { readSetting, writeSetting } from '../state/storage.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';

const DONE = 'tour';

const steps: readonly (DriveStep & { phoneTab?: 'instruments' | 'controls' })[] = [
  {
    element: '.sky',
    popover: {
      title: 'Everyone who waits',
      description:
        'Each dot is a person who asked for a match; near dots would talk long. Every half second a tick pairs them: each pair is an arc of light. Who leaves without one fades.',
      side: 'right',
    },
  },
  {
    element: '#policy',
    phoneTab: 'controls',
    popover: {
      title: 'You decide how',
      description:
        'Who says how well two people would get on, and how pairs are chosen from that. A change works from the next tick on.',
      side: 'right',
    },
  },
  {
    element: '#instruments',
    phoneTab: 'instruments',
    popover: {
      title: 'Four questions, four instruments',
      description:
        'Supply and demand, the time a tick takes, who gains, and whether the scorer knows. Keys 1 to 4 make one fill the screen.',
      side: 'left',
    },
  },
  {
    element: '#compare',
    popover: {
      title: 'Two policies, one evening',
      description:
        'Compare splits the sky: the same people live through the same evening under another policy. Only what the policy does is different.',
      side: 'bottom',
    },
  },
  {
    element: '#transport',
    popover: {
      title: 'Time is yours',
      description:
        'Play, pause, go one tick, or run faster. The line is how many wait; its marks are what you changed. Share gives a link to exactly this evening.',
      side: 'top',
    },
  },
];

/** Five steps through the page; can be left at any of them. The library is loaded only now. */
export async function runTour(): Promise<void> {
  const [{ driver }] = await Promise.all([import('driver.js'), import('driver.js/dist/driver.css')]);
  await import('../styles/tour.css');
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const ui = useUi.getState();
  if (!ui.railOpen) ui.toggleRail();
  if (!ui.instrumentsOpen) ui.toggleInstruments();
  const tour = driver({
    steps: steps.map(({ phoneTab, ...step }) => ({
      ...step,
      onHighlightStarted: () => {
        if (phoneTab !== undefined) useUi.getState().setPhoneTab(phoneTab);
      },
    })),
    animate: !calm,
    smoothScroll: !calm,
    showProgress: true,
    progressText: '{{current}} of {{total}}',
    nextBtnText: 'Next',
    prevBtnText: 'Back',
    doneBtnText: 'Done',
    popoverClass: 'tour',
    overlayOpacity: 0.45,
    stagePadding: 8,
    stageRadius: 8,
    onPopoverRender: ({ wrapper }) => {
      // Its header and footer are not those of the page.
      for (const part of wrapper.querySelectorAll('header, footer'))
        part.setAttribute('role', 'presentation');
    },
    onDestroyed: () => writeSetting(DONE, 'done'),
  });
  tour.drive();
}

/** On the very first visit the tour begins by itself, once there is something to see. */
export function useFirstVisitTour(): void {
  const ready = useStatus((s) => s.status !== null && s.status.tick > 0);
  useEffect(() => {
    if (!ready || readSetting(DONE) !== null) return;
    writeSetting(DONE, 'seen');
    void runTour();
  }, [ready]);
}
