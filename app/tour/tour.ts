import { driver, type DriveStep } from 'driver.js';
import 'driver.js/dist/driver.css';
import { useUi } from '../state/ui-store.ts';
import '../styles/tour.css';

const steps: readonly (DriveStep & { phoneTab?: 'instruments' | 'controls' })[] = [
  {
    element: '.sky',
    popover: {
      title: 'Everyone who waits',
      description:
        'Each dot is a person who wants a chat. People whose dots are close would talk for a long time. Every half second, a tick makes pairs: each arc is a new pair. A person who gives up fades away.',
      side: 'right',
    },
  },
  {
    element: '#policy',
    phoneTab: 'controls',
    popover: {
      title: 'You decide how',
      description:
        'The scorer predicts how long two people would talk. The matcher chooses pairs from these scores. A change takes effect at the next tick.',
      side: 'right',
    },
  },
  {
    element: '#instruments',
    phoneTab: 'instruments',
    popover: {
      title: 'Four questions, four instruments',
      description:
        'They show supply and demand, the time of a tick, who gains, and how good the predictions are. Press 1 to 4 to enlarge one.',
      side: 'left',
    },
  },
  {
    element: '#compare',
    popover: {
      title: 'Two policies, one evening',
      description:
        'Compare splits the sky: the same people, the same evening, another policy. Only the effect of the policy differs.',
      side: 'bottom',
    },
  },
  {
    element: '#transport',
    popover: {
      title: 'You control time',
      description:
        'Play, pause, run a single tick, or run faster. The line shows how many people wait, and its marks show your changes. Share copies a link to this evening. Eight lessons go on from here: press Lessons.',
      side: 'top',
    },
  },
];

/** A tour in five steps. `onEnd` is called when it is closed, at its end or before. */
export default function driveTour(onEnd: () => void): void {
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
      // The popover's header and footer are not landmarks of the page.
      for (const part of wrapper.querySelectorAll('header, footer'))
        part.setAttribute('role', 'presentation');
    },
    onDestroyed: onEnd,
  });
  tour.drive();
}
