import { examples, openExample } from '../examples.ts';
import { startEvenings } from '../state/run.ts';
import { useExperiment } from '../state/store.ts';

/** Experiments that show their point within a minute. A click opens one and runs it. */
export function Examples() {
  const busy = useExperiment((s) => s.task !== null);
  return (
    <>
      <ul className="example-list">
        {examples.map((example) => (
          <li key={example.name}>
            <button
              type="button"
              className="example"
              disabled={busy}
              onClick={() => {
                openExample(example);
                void startEvenings();
              }}
            >
              <b>{example.name}</b>
              <span>{example.text}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="knob-help">
        An example also becomes the market of the page. Undo there brings yours back.
      </p>
    </>
  );
}
