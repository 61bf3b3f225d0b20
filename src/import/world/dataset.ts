import type { Cast } from '../../world/cast.ts';
import { ageBands } from '../../scenario/countries.ts';
import type { ImportedMeetings } from '../read/meetings.ts';

/** Header of the dataset: one row per meeting and side, what both are in the market's words, and the outcome. */
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
 * The cleaned meetings as CSV in pieces, for `lab slices` or any other tool: two rows per meeting, one from either side; empty where nothing
 * is told.
 */
export function* datasetCsv(cast: Cast, m: ImportedMeetings): Generator<string> {
  let piece = `${header.join(',')}\n`;
  const told = (x: number) => (x < 0 || Number.isNaN(x) ? '' : String(x));
  const age = (p: number) => (cast.ageTold ? ageBands[cast.age[p]] : '');
  const yes = (x: boolean) => (x ? '1' : '0');
  for (let k = 0; k < m.count; k++) {
    const match =
      m.match[k] >= 0
        ? m.match[k]
        : m.decisionA[k] === 0 || m.decisionB[k] === 0
          ? 0
          : m.decisionA[k] === 1 && m.decisionB[k] === 1
            ? 1
            : -1;
    for (const side of [0, 1]) {
      const [p, q] = side === 0 ? [m.a[k], m.b[k]] : [m.b[k], m.a[k]];
      const [decision, report] = side === 0 ? [m.decisionA[k], m.reportA[k]] : [m.decisionB[k], m.reportB[k]];
      piece += [
        quote(cast.ids[p]),
        quote(cast.ids[q]),
        quote(cast.sideNames[cast.side[p]]),
        quote(cast.sideNames[cast.side[q]]),
        quote(cast.groupNames[cast.group[p]]),
        quote(cast.groupNames[cast.group[q]]),
        yes(cast.group[p] === cast.group[q]),
        age(p),
        age(q),
        cast.ageTold ? yes(cast.age[p] === cast.age[q]) : '',
        told(decision),
        told(match),
        told(m.duration[k]),
        told(report),
      ].join(',');
      piece += '\n';
    }
    if (piece.length > 1 << 16) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

function quote(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
