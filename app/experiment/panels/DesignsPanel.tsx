import { Results } from './Results.tsx';
import { Setup } from './Setup.tsx';

/** The left side sets what is compared and how. The right side shows what the designs report. */
export function DesignsPanel() {
  return (
    <div className="room-grid experiment-grid">
      <Setup />
      <div className="room-main">
        <Results />
      </div>
    </div>
  );
}
