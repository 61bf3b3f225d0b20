import { driver, type DriveStep } from 'driver.js';
import 'driver.js/dist/driver.css';
import { useUi, type PhoneTab } from '../state/ui-store.ts';
import '../styles/tour.css';

/** A step on a wide page, and what differs on a phone, where most of the page is out of sight. */
interface TourStep {
  readonly element: string;
  readonly title: string;
  readonly text: string;
  readonly side: 'left' | 'right' | 'top' | 'bottom';
  /** Pixels between the element and its frame; fewer where text is beside it. */
  readonly padding?: number;
  readonly phone?: {
    readonly element: string;
    readonly tab: PhoneTab;
    readonly text?: string;
  };
}

const tourSteps: readonly TourStep[] = [
  {
    element: '.sky',
    title: 'Everyone who waits',
    text: 'Each dot is a person who wants a chat. People whose dots are close would talk for a long time. Every half second, a tick makes pairs: each arc is a new pair. A person who gives up fades away.',
    side: 'right',
    padding: 0,
  },
  {
    element: '#policy',
    title: 'You decide how',
    text: 'The scorer predicts how long two people would talk. The matcher chooses pairs from these scores. A change takes effect at the next tick.',
    side: 'right',
    phone: { element: '[data-knob="policy.scorer"]', tab: 'controls' },
  },
  {
    element: '#instruments',
    title: 'Four questions, four instruments',
    text: 'They show supply and demand, the time of a tick, who gains, and how good the predictions are. Press 1 to 4 to enlarge one.',
    side: 'left',
    phone: {
      element: '[data-instrument="demand"]',
      tab: 'instruments',
      text: 'Scroll down to see them: supply and demand, the time of a tick, who gains, and how good the predictions are. The button in the corner enlarges one.',
    },
  },
  {
    element: '#compare',
    title: 'Two policies, one evening',
    text: 'Compare splits the sky: the same people, the same evening, another policy. Only the effect of the policy differs.',
    side: 'bottom',
    padding: 4,
  },
  {
    element: '#transport',
    title: 'You control time',
    text: 'Play, pause, run a single tick, or run faster. The line shows how many people wait, and its marks show your changes. Share copies a link to this evening. Eight lessons go on from here: press Lessons.',
    side: 'top',
  },
];

const onPhone = () => document.querySelector('.phone') !== null;

function toDriveStep({ element, title, text, side, padding = 8, phone }: TourStep): DriveStep {
  const own = onPhone() ? phone : undefined;
  return {
    element: own?.element ?? element,
    popover: {
      title,
      description: own?.text ?? text,
      side: own === undefined ? side : 'bottom',
      ...(side === 'left' && { align: 'center' }),
    },
    onHighlightStarted(shown, _, { driver: tour, config }) {
      // The rail scrolls by itself, and its foot would lie under the frame.
      if (!onPhone()) shown?.scrollIntoView({ block: 'nearest' });
      tour.setConfig({ ...config, stagePadding: padding });
    },
    onDeselected: (shown) => shown?.closest('.rail-scroll')?.scrollTo(0, 0),
  };
}

/** Opens the tab of a step on a phone. Resolves when the tab before it has gone. */
async function openTab({ phone }: TourStep): Promise<void> {
  if (phone === undefined || !onPhone()) return;
  useUi.getState().setPhoneTab(phone.tab);
  const settled = () =>
    document.querySelector(phone.element) !== null && document.querySelectorAll('.phone-panel').length === 1;
  for (let frames = 0; frames < 60 && !settled(); frames++) await new Promise(requestAnimationFrame);
}

/** A tour in five steps. `onEnd` is called when it is closed, at its end or before. */
export default function driveTour(onEnd: () => void): void {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const ui = useUi.getState();
  if (!ui.railOpen) ui.toggleRail();
  if (!ui.instrumentsOpen) ui.toggleInstruments();
  const step = (by: 1 | -1) => {
    const next = tourSteps.at((tour.getActiveIndex() ?? 0) + by);
    const move = () => (by === 1 ? tour.moveNext() : tour.movePrevious());
    if (next === undefined) move();
    else void openTab(next).then(move);
  };
  const tour = driver({
    steps: tourSteps.map(toDriveStep),
    animate: !calm,
    smoothScroll: !calm,
    showProgress: true,
    progressText: '{{current}} of {{total}}',
    nextBtnText: 'Next',
    prevBtnText: 'Back',
    doneBtnText: 'Done',
    popoverClass: 'tour',
    overlayOpacity: 0.45,
    stageRadius: 8,
    onPopoverRender: ({ wrapper }) => {
      // The popover's header and footer are not landmarks of the page.
      for (const part of wrapper.querySelectorAll('header, footer'))
        part.setAttribute('role', 'presentation');
    },
    onNextClick: () => step(1),
    onPrevClick: () => step(-1),
    onDestroyed: onEnd,
  });
  tour.drive();
}
