import { toCsv } from '../../src/base/table.ts';
import { describeOrigin } from '../charts/view/origin.ts';
import { lived } from '../state/scenario-store.ts';
import type { SessionController } from '../state/session.ts';
import { useStatus } from '../state/status-store.ts';
import { provenance } from './run-link.ts';

/**
 * The object `halfsecond` of the browser's console; app/README.md describes it. Also tells saved
 * files where they are from. `status` and
 * `engine` also serve the tests of the whole page.
 */
export function consoleApi(session: SessionController) {
  describeOrigin(provenance);
  const engine = () => {
    const { engine: running } = useStatus.getState();
    if (running === null) throw new Error('The market has not started yet.');
    return running;
  };
  return {
    status: () => useStatus.getState().status,
    engine: () => useStatus.getState().engine,
    /** The evening so far, as a file for `lab run`. */
    scenario: () => lived().scenario,
    /** Pauses, and runs this many ticks. */
    async step(ticks = 1) {
      if (useStatus.getState().playing) session.toggle();
      const { tick } = await engine().digest();
      return engine().runTo(tick + ticks);
    },
    digest: () => engine().digest(),
    /** Every table of the market by name, as CSV with its provenance. */
    async tables() {
      const origin = await provenance();
      const tables = await engine().tables();
      return Object.fromEntries(tables.map((table) => [table.name, toCsv(table, origin)]));
    },
    /** The event log as a Blob. */
    async export(format: 'csv' | 'parquet' = 'parquet') {
      return (await engine().exportLog('main', format, await provenance(), () => undefined)).file;
    },
  };
}
