import { useState, type ReactNode } from 'react';
import { linkToPage } from '../../state/hash.ts';

interface Props {
  readonly command: string;
  /** Further buttons, before those that copy. */
  readonly children?: ReactNode;
}

/** What leaves the room: the link, and the command that gives the same figures in a terminal. */
export function CommandText({ command, children }: Props) {
  const [said, setSaid] = useState('');
  const copy = (what: string, text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setSaid(`The ${what} is copied.`),
      () => setSaid(`The browser does not let the page copy the ${what}.`),
    );
  };
  return (
    <section className="experiment-exports" aria-label="Take it with you">
      <div className="export-buttons">
        {children}
        <button type="button" className="button" onClick={() => copy('link', linkToPage())}>
          Copy link
        </button>
        <button type="button" className="button" onClick={() => copy('command', command)}>
          Copy command
        </button>
        <span role="status" className="export-said">
          {said}
        </span>
      </div>
      <details className="export-command">
        <summary>The same figures in a terminal</summary>
        <pre tabIndex={0} role="region" aria-label="Command">
          {command}
        </pre>
      </details>
    </section>
  );
}
