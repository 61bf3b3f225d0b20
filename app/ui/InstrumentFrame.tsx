import type { ComponentType } from 'react';
import { useUi, type InstrumentId } from '../state/ui-store.ts';
import { IconButton } from './IconButton.tsx';

export type InstrumentComponent = ComponentType<{ id: InstrumentId }>;

export const instruments: readonly { id: InstrumentId; title: string }[] = [
  { id: 'demand', title: 'Who waits for whom?' },
  { id: 'latency', title: 'How long does a tick take?' },
  { id: 'slices', title: 'Who gains, who loses?' },
  { id: 'quality', title: 'Does the scorer know?' },
];

/** One instrument in its place beside the sky. While it fills the screen, its place is empty: it is one thing, not two. */
export function InstrumentFrame({
  id,
  title,
  Instrument,
  index,
}: {
  id: InstrumentId;
  title: string;
  Instrument: InstrumentComponent;
  index: number;
}) {
  const enlarged = useUi((s) => s.enlarged === id);
  const enlarge = useUi((s) => s.enlarge);
  return (
    <section className="instrument" data-instrument={id} aria-labelledby={`instrument-${id}`}>
      <header className="instrument-head">
        <h2 id={`instrument-${id}`}>{title}</h2>
        <IconButton
          icon="expand"
          label={`${title} Fill the screen`}
          keys={String(index + 1)}
          size={16}
          onClick={() => enlarge(id)}
        />
      </header>
      <div className="instrument-body">{!enlarged && <Instrument id={id} />}</div>
    </section>
  );
}
