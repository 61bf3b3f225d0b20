import { useEffect, type ReactNode } from 'react';
import { ChartsProvider, useCharts } from '../charts/view/ChartsProvider.tsx';
import type { Engine } from '../engine/client.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import { usePairRoom } from './media.ts';
import { standsInPairs } from './SideSwitch.tsx';

/**
 * Starts the chart worker and connects it to the engine with a port, so that tables do not pass
 * through the page.
 */
export function Charts({ engine, children }: { engine: Engine | null; children: ReactNode }) {
  return (
    <ChartsProvider>
      {engine !== null && <Link engine={engine} />}
      {children}
    </ChartsProvider>
  );
}

/** Opens a new port for every engine and chart worker, and drops the tables of the old engine. */
function Link({ engine }: { engine: Engine }) {
  const { connect, clear, generation } = useCharts();
  useEffect(() => {
    if (generation === 0) return;
    clear();
    engine.connectCharts(connect()).catch((error: unknown) => {
      if (useStatus.getState().engine === engine) useStatus.getState().fail(error);
    });
  }, [engine, connect, clear, generation]);
  const side = useUi((s) => s.side);
  const comparing = useScenario((s) => s.other !== null);
  const enlarged = useUi((s) => s.enlarged !== null && standsInPairs(s.enlarged));
  const room = usePairRoom();
  const pair = comparing && (room || enlarged);
  useEffect(() => {
    // A failure here is a dead engine, which its owner reports.
    engine.showTables(comparing && !pair ? side : 'main', pair).catch(() => undefined);
  }, [engine, side, comparing, pair]);
  return null;
}
