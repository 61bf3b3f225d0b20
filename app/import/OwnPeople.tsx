import { presets } from '../../src/scenario/presets.ts';
import { openPreset } from '../state/hash.ts';
import { count } from '../state/format.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import './styles/index.css';

/** Replaces the controls of synthetic people while the evening runs with imported ones. */
export function OwnPeople() {
  const people = useStatus((s) => s.info?.people ?? null);
  const open = useUi((s) => s.open);
  return (
    <div className="own-people">
      <p>
        {people === null ? (
          'Your people are loading.'
        ) : (
          <>
            <b>{count(people.count)} people</b> of {people.name}, with the tastes, popularity and strictness
            estimated from their meetings.
          </>
        )}
      </p>
      <button type="button" className="button wide" onClick={() => open('import')}>
        Report and columns
      </button>
      <button type="button" className="button wide" onClick={() => openPreset(presets[0])}>
        Back to synthetic people
      </button>
    </div>
  );
}
