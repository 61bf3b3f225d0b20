import { csvLine } from '../../base/text/csv-write.ts';
import type { Cast } from '../../world/cast.ts';
import { ageBands } from '../../scenario/countries.ts';
import { matchOf, type ImportedMeetings } from '../read/meetings.ts';

/** Columns of the data set: one row per meeting and side. */
const header = [
  'person',
  'partner',
  'person_side',
  'partner_side',
  'person_group',
  'partner_group',
  'same_group',
  'person_age',
  'partner_age',
  'same_age',
  'decision',
  'match',
  'duration_s',
  'report',
] as const;

/**
 * The cleaned meetings as CSV in pieces, for `lab slices` or any other tool: two rows per meeting,
 * one from each side. Unknown values are empty.
 */
export function* datasetCsv(cast: Cast, m: ImportedMeetings): Generator<string> {
  let piece = `${header.join(',')}\n`;
  const known = (x: number) => (x < 0 || Number.isNaN(x) ? '' : String(x));
  const age = (p: number) => (cast.ageTold ? ageBands[cast.age[p]] : '');
  const yes = (x: boolean) => (x ? '1' : '0');
  for (let k = 0; k < m.count; k++) {
    const match = matchOf(m, k);
    for (const side of [0, 1]) {
      const [p, q] = side === 0 ? [m.a[k], m.b[k]] : [m.b[k], m.a[k]];
      const [decision, report] = side === 0 ? [m.decisionA[k], m.reportA[k]] : [m.decisionB[k], m.reportB[k]];
      piece += csvLine([
        cast.ids[p],
        cast.ids[q],
        cast.sideNames[cast.side[p]],
        cast.sideNames[cast.side[q]],
        cast.groupNames[cast.group[p]],
        cast.groupNames[cast.group[q]],
        yes(cast.group[p] === cast.group[q]),
        age(p),
        age(q),
        cast.ageTold ? yes(cast.age[p] === cast.age[q]) : '',
        known(decision),
        known(match),
        known(m.duration[k]),
        known(report),
      ]);
      piece += '\n';
    }
    if (piece.length > 1 << 16) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}
