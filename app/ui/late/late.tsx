import { lazy, Suspense, useState, type ComponentType } from 'react';
import { Boundary, NotLoaded } from './Boundary.tsx';

interface LateProps {
  /** Gives the message of a failure a button that closes it. */
  readonly onClose?: () => void;
}

/**
 * A part of the page whose code is loaded when it is first shown. If the code does not arrive, a
 * message stands in for it, with a button that loads it again. `what` is the subject of a sentence.
 */
export function late(
  what: string,
  load: () => Promise<{ default: ComponentType }>,
  shown: 'card' | 'place' = 'card',
): ComponentType<LateProps> {
  const fresh = () =>
    lazy(() =>
      load().catch((cause: unknown) => {
        throw new NotLoaded(`${what} could not be loaded`, { cause });
      }),
    );
  // React keeps the failure of a lazy component, so another try needs another component.
  let Part = fresh();
  return function Late({ onClose }) {
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
        <Suspense fallback={<p className="visually-hidden">{what} is loading.</p>}>
          <Part />
        </Suspense>
      </Boundary>
    );
  };
}
