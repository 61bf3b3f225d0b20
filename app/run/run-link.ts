import { version } from '../../package.json';
import { encodeRun, type RunPoint } from '../../src/scenario/link.ts';
import { linkToPage } from '../state/hash.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import { viewEntries } from './view-link.ts';

/** A moment of the evening, with what is needed to repeat it elsewhere. */
export interface RunRecord extends Required<RunPoint> {
  readonly version: string;
  /** Address of the page with scenario, changes, backend, tick, digest and view. */
  readonly link: string;
  /** The same on the command line. */
  readonly command: string;
}

/** The evening at this moment. Rejects while the engine does not answer. */
export async function recordRun(): Promise<RunRecord> {
  const { engine, info, status } = useStatus.getState();
  if (engine === null || info === null) throw new Error('The market has not started yet.');
  const { tick, digest, trail } = await engine.digest();
  const backend = (status?.runsOn ?? info).backend;
  const point = { backend, tick, digest, trail };
  const url = new URL(linkToPage());
  const entries = new URLSearchParams(url.hash.slice(1));
  for (const [key, value] of [...encodeRun(point), ...viewEntries(useUi.getState())]) entries.set(key, value);
  url.hash = entries.toString();
  return {
    ...{ ...point, version, link: url.href },
    command: `npm run -s lab -- run '${url.href}'`,
  };
}

/** Where figures come from, as it stands in an exported file. */
export async function provenance(): Promise<Readonly<Record<string, string>>> {
  const { panel, side } = useUi.getState();
  const whole = { halfsecond: version, link: linkToPage() };
  // The figures of a room are not of the running evening.
  if (panel === 'train' || panel === 'experiment') return whole;
  try {
    const { link, tick, digest, backend } = await recordRun();
    const comparing = useScenario.getState().other !== null;
    return {
      ...{ ...whole, link, backend, tick: String(tick), digest },
      ...(comparing && { policy: side === 'main' ? 'A' : 'B' }),
    };
  } catch {
    return whole;
  }
}
