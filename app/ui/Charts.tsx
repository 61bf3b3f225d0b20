import { useEffect, type ReactNode } from 'react';
import { ChartsProvider, useCharts } from '../charts/view/ChartsProvider.tsx';
import type { Engine } from '../engine/client.ts';
import { useStatus } from '../state/status-store.ts';

/**
 * The chart worker, with a port from the engine to it: tables go between the two, not through the
 * page.
 */
export function Charts({ engine, children }: { engine: Engine | null; children: ReactNode }) {
  return (
    <ChartsProvider>
      {engine !== null && <Link engine={engine} />}
      {children}
    </ChartsProvider>
  );
}

/** A new port for every engine and for every chart worker; no tables of an engine that is gone. */
function Link({ engine }: { engine: Engine }) {
  const { connect, clear, generation } = useCharts();
  useEffect(() => {
    if (generation === 0) return;
    clear();
    engine.connectCharts(connect()).catch((error: unknown) => {
      if (useStatus.getState().engine === engine) useStatus.getState().fail(error);
    });
  }, [engine, connect, clear, generation]);
  return null;
}
