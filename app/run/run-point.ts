import { partingOf, partingText } from '../../src/base/digest-trail.ts';
import type { RunPoint } from '../../src/scenario/link.ts';
import type { Engine } from '../engine/client.ts';
import { count } from '../state/format.ts';
import { useStatus } from '../state/status-store.ts';

/** The moment that the last link asked for, until its evening starts. */
let asked: RunPoint = {};

export function askFor(run: RunPoint): void {
  asked = run;
}

/** Takes the moment that the evening that starts now has to reach. */
export function takeAsked(): RunPoint {
  const run = asked;
  asked = {};
  return run;
}

/** Runs the market to the tick of a link, stops there, and says whether it is the same evening. */
export async function reach(
  engine: Engine,
  { tick = 0, digest, trail = '', backend }: RunPoint,
): Promise<void> {
  const reached = await engine.runTo(tick);
  if (reached.tick !== tick || digest === undefined) return;
  const { info, status, notify } = useStatus.getState();
  const here = (status?.runsOn ?? info)?.backend;
  const why =
    backend !== undefined && here !== backend
      ? `The link was made on the ${backend.toUpperCase()}; this machine computes on the ${here?.toUpperCase()}.`
      : 'Another version of this page, or weights of your own, may have made the link.';
  const agrees = reached.digest === digest;
  const where = agrees ? '' : partingText(partingOf(tick, trail, reached.trail));
  notify(
    'run',
    agrees
      ? `Tick ${count(tick)}, as the link says: the digest agrees, so it is the same evening.`
      : `Tick ${count(tick)}: the digest differs from the link's, so it is another evening by now: ${where}. ${why}`,
  );
}
