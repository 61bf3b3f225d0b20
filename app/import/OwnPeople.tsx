import { presets } from '../../src/scenario/presets.ts';
import { openPreset } from '../state/hash.ts';
import { count } from '../state/format.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import './styles/index.css';

/** Stands in the rail where the knobs of made-up people are, while imported ones live through the evening. */
export function OwnPeople() {
  const people = useStatus((s) => s.info?.people ?? null);
  const open = useUi((s) => s.open);
  return (
    <div className="own-people">
      <p>
        {people === null ? (
          'Your people are on their way.'
        ) : (
          <>
            <b>{count(people.count)} people</b> of {people.name}, with the tastes, popularity and strictness
            that their meetings show.
          </>
        )}
      </p>
      <button type="button" className="button wide" onClick={() => open('import')}>
        Report and columns
      </button>
      <button type="button" className="button wide" onClick={() => openPreset(presets[0])}>
        Back to made-up people
      </button>
    </div>
  );
}
