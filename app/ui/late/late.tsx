import { lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react';
import { Boundary, NotLoaded } from './Boundary.tsx';
import { fetchSoon } from './soon.ts';

interface LateProps {
  /** Gives the message of a failure a button that closes it. The part gets it, too. */
  readonly onClose?: () => void;
  /** Stands in for the part while its code is on its way. */
  readonly waiting?: ReactNode;
}

/** When the code of a part is loaded: when it is first shown, or soon after the first tick. */
type When = 'asked' | 'soon';

/**
 * A part of the page whose code is loaded when it is first shown. If the code does not arrive, a
 * message stands in for it, with a button that loads it again. `what` is the subject of a sentence.
 */
export function late<P extends object = object>(
  what: string,
  load: () => Promise<{ default: ComponentType<P> }>,
  shown: 'card' | 'place' = 'card',
  when: When = 'asked',
): ComponentType<P & LateProps> {
  if (when === 'soon') fetchSoon(load);
  const fresh = () =>
    // A component that takes what the part takes: `lazy` would ask for its references, too.
    lazy(() =>
      load().catch((cause: unknown) => {
        throw new NotLoaded(`${what} could not be loaded`, { cause });
      }),
    ) as unknown as ComponentType<P>;
  // React keeps the failure of a lazy component, so another try needs another component.
  let Part = fresh();
  return function Late({ onClose, waiting, ...own }) {
    const [, setTries] = useState(0);
    return (
      <Boundary
        what={what}
        shown={shown}
        onRetry={() => {
          Part = fresh();
          setTries((tries) => tries + 1);
        }}
        onClose={
          onClose &&
          (() => {
            Part = fresh();
            onClose();
          })
        }
      >
        <Suspense fallback={waiting ?? <p className="visually-hidden">{what} is loading.</p>}>
          <Part {...({ ...own, onClose } as unknown as P)} />
        </Suspense>
      </Boundary>
    );
  };
}
