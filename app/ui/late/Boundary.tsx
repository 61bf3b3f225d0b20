import { Component, type ReactNode } from 'react';

/** Code that did not arrive: the machine is offline, or a new version has replaced the files. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

interface BoundaryProps {
  /** What is inside, as the subject of a sentence, e.g. "The training room". */
  readonly what: string;
  /** 'card' lies over the page; 'place' stands where the part would be. */
  readonly shown: 'card' | 'place';
  /** Called before the part is rendered again. */
  readonly onRetry?: () => void;
  /** Gives the message a button that closes it. */
  readonly onClose?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** Keeps the page alive when a part of it fails: a message stands in for the part. */
export class Boundary extends Component<BoundaryProps, { readonly error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error('unknown error') };
  }

  readonly #again = () => {
    this.props.onRetry?.();
    this.setState({ error: null });
  };

  override render(): ReactNode {
    const { what, shown, onClose, children } = this.props;
    const { error } = this.state;
    if (error === null) return children;
    return (
      <div className="part-failed" data-shown={shown} role="alert">
        <p>{sentence(what, error)}</p>
        <button type="button" className="button" onClick={this.#again}>
          Try again
        </button>
        {onClose !== undefined && (
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        )}
      </div>
    );
  }
}

function sentence(what: string, error: unknown): string {
  if (error instanceof NotLoaded)
    return `${what} could not be loaded. The evening goes on. Check the connection and try again; after an update of this site, reload the page.`;
  return `${what} stopped: ${error instanceof Error ? error.message : String(error)}. The evening goes on.`;
}
