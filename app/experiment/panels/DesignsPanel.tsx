import { Results } from './Results.tsx';
import { Setup } from './Setup.tsx';

/** On the left what is compared and how, on the right what the designs report beside the truth. */
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
