import type { ComponentType, ReactNode } from 'react';
import { instruments, type InstrumentId, type ViewId } from '../charts/views.ts';
import { useUi } from '../state/ui-store.ts';
import { IconButton } from './IconButton.tsx';

export type InstrumentComponent = ComponentType<{
  id: InstrumentId;
  actions?: ReactNode;
  initialView?: ViewId;
  onView?: (view: ViewId) => void;
}>;

/** In the order of the page, from top to bottom. */
export const instrumentIds = ['demand', 'latency', 'slices', 'quality'] as const satisfies InstrumentId[];

export function instrumentTitle(id: InstrumentId): string {
  return instruments[id].title;
}

/**
 * One instrument in its place beside the sky. While it fills the screen, its place is empty: it is
 * one thing, not two.
 */
export function InstrumentFrame({ id, Instrument }: { id: InstrumentId; Instrument: InstrumentComponent }) {
  const enlarged = useUi((s) => s.enlarged === id);
  const enlarge = useUi((s) => s.enlarge);
  return (
    <div className="instrument" data-instrument={id}>
      {!enlarged && (
        <RememberingInstrument
          id={id}
          Instrument={Instrument}
          actions={
            <IconButton
              icon="expand"
              label={`${instrumentTitle(id)} Fill the screen`}
              keys={String(instrumentIds.indexOf(id) + 1)}
              size={15}
              className="small"
              onClick={() => enlarge(id)}
            />
          }
        />
      )}
    </div>
  );
}

/** An instrument that shows the view last chosen, wherever it is mounted next. */
export function RememberingInstrument({
  id,
  Instrument,
  actions,
}: {
  id: InstrumentId;
  Instrument: InstrumentComponent;
  actions?: ReactNode;
}) {
  const view = useUi((s) => s.views[id]);
  const setView = useUi((s) => s.setView);
  return (
    <Instrument
      id={id}
      actions={actions}
      {...(view === undefined ? {} : { initialView: view })}
      onView={(next) => setView(id, next)}
    />
  );
}
