import { followEvents } from '../../experiment/log/event-log.ts';
import { openLog } from '../../experiment/log/log-file.ts';
import { encodeLink } from '../../scenario/link.ts';
import type { NamedMatcher } from '../../match/own/own-matcher.ts';
import type { Policy, Scenario } from '../../scenario/schema.ts';
import type { Market } from '../../sim/types.ts';
import { openOutput } from '../cli/files.ts';
import { UsageError } from '../cli/options.ts';
import { version } from '../../../package.json';

interface Run {
  readonly scenario: Scenario;
  readonly other: Policy | null;
  /** The policy that runs, if it is B. */
  readonly versus: Policy | undefined;
  /** The user's own matcher: the link alone does not repeat the run. */
  readonly own: NamedMatcher | undefined;
}

/** Opens the event log of an evening. @throws UsageError, LabError where it cannot be written. */
export async function openEventLog(path: string, { scenario, other, versus, own }: Run) {
  const format = /\.csv$/i.test(path) ? 'csv' : /\.parquet$/i.test(path) ? 'parquet' : null;
  if (format === null) throw new UsageError(`the file must end in .csv, .parquet; it is "${path}"`, '--log');
  const file = await openOutput(path);
  const origin = {
    halfsecond: version,
    link: `#${encodeLink({ scenario, other }).toString()}`,
    policy: versus === undefined ? 'A' : 'B',
    ...(own && { matcher: own.name }),
  };
  const log = await openLog(format, origin, (bytes) => file.write(bytes));
  return {
    follow: (market: Market) => void followEvents(market, (row) => log.add(row)),
    drain: () => log.drain(),
    async finish({ backend, ticks, digest }: { backend: string; ticks: number; digest: string }) {
      await log.finish({ backend, tick: String(ticks), digest });
      await file.close();
    },
  };
}
