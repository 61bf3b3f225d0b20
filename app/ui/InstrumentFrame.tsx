import type { ComponentType } from 'react';
import type { InstrumentProps } from '../charts/view/Instrument.tsx';
import { instruments, type InstrumentId } from '../charts/views.ts';
import { useUi } from '../state/ui-store.ts';
import { useScenario } from '../state/scenario-store.ts';
import { IconButton } from './IconButton.tsx';
import { Boundary } from './late/Boundary.tsx';
import { Soon } from './late/Soon.tsx';
import { usePairRoom } from './media.ts';
import { SideSwitch, standsInPairs, usePair } from './SideSwitch.tsx';

export type InstrumentComponent = ComponentType<InstrumentProps>;

/** From top to bottom of the page. */
export const instrumentIds = ['demand', 'latency', 'slices', 'quality'] as const satisfies InstrumentId[];

export function instrumentTitle(id: InstrumentId): string {
  return instruments[id].title;
}

/** What compares two policies needs a second one. */
function CompareButton() {
  const comparing = useScenario((s) => s.other !== null);
  const start = useScenario((s) => s.startCompare);
  const setSide = useUi((s) => s.setSide);
  if (comparing) return null;
  return (
    <button
      type="button"
      className="link compare"
      onClick={() => {
        start();
        setSide('other');
      }}
    >
      Compare
    </button>
  );
}

/**
 * One instrument beside the sky. It is empty while the instrument fills the screen, because an
 * instrument is mounted only once.
 */
export function InstrumentFrame({
  id,
  turn,
  Instrument,
}: {
  id: InstrumentId;
  /** When it is rendered after the page around it; its place is there from the start. */
  turn: number;
  Instrument: InstrumentComponent;
}) {
  const enlarged = useUi((s) => s.enlarged === id);
  const enlarge = useUi((s) => s.enlarge);
  const pair = usePair();
  const room = usePairRoom();
  return (
    <div className="instrument" data-instrument={id}>
      <Soon turn={turn}>
        {!enlarged && (
          <RememberingInstrument
            id={id}
            Instrument={Instrument}
            pair={room && standsInPairs(id) ? pair : undefined}
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
      </Soon>
    </div>
  );
}

/** An instrument with the view that was last chosen, also after it is mounted again. */
export function RememberingInstrument({
  id,
  Instrument,
  actions,
  pair,
}: {
  Instrument: InstrumentComponent;
} & Pick<InstrumentProps, 'id' | 'actions' | 'pair'>) {
  const view = useUi((s) => s.views[id]);
  const setView = useUi((s) => s.setView);
  return (
    <Boundary what={`"${instrumentTitle(id)}"`} shown="place">
      <Instrument
        id={id}
        actions={
          <>
            {id === 'slices' ? <CompareButton /> : pair === undefined && <SideSwitch label="Whose market" />}
            {actions}
          </>
        }
        {...(view === undefined ? {} : { initialView: view })}
        onView={(next) => setView(id, next)}
        pair={pair}
      />
    </Boundary>
  );
}
