import { livePolicy, useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import type { MarketStatus, Side } from '../../engine/api.ts';
import { count } from '../../state/format.ts';
import { knobAt } from '../../state/knobs.ts';
import { PinnedEntry } from '../../why/PinnedEntry.tsx';
import { Alarms } from './Alarms.tsx';
import { Figures } from './Figures.tsx';
import { Legend } from './Legend.tsx';
import { Notices } from './Notices.tsx';
import { Sky } from './Sky.tsx';
import { Starting } from './Starting.tsx';

/** The middle of the page: one sky, or two, with their figures. */
export function Stage() {
  const engine = useStatus((s) => s.engine);
  const comparing = useScenario((s) => s.other !== null);
  const sides: readonly Side[] = comparing ? ['main', 'other'] : ['main'];
  return (
    <main className="stage" id="stage" data-compare={comparing || undefined}>
      <h1 className="visually-hidden">Halfsecond: a laboratory for real-time matching</h1>
      <div className="skies">
        {sides.map((side) => (
          <section
            key={side}
            className="sky-half"
            aria-label={comparing ? `Policy ${letter(side)}` : 'The pool'}
          >
            <Headline side={side} comparing={comparing} />
            {engine !== null && (
              <Sky
                side={side}
                engine={engine}
                label={`Everyone who waits${comparing ? ` under policy ${letter(side)}` : ''}. Use the arrow keys to look at a person, and Enter to ask why they were paired.`}
              />
            )}
            <Alarms side={side} />
          </section>
        ))}
        <PinnedEntry />
        <Starting />
        <Notices />
      </div>
      <Legend />
      <Figures sides={sides} />
    </main>
  );
}

export function letter(side: Side): 'A' | 'B' {
  return side === 'main' ? 'A' : 'B';
}

export function useMarket<T>(side: Side, read: (market: MarketStatus) => T): T | null {
  return useStatus((s) => {
    const market = s.status?.[side];
    return market === null || market === undefined ? null : read(market);
  });
}

function Headline({ side, comparing }: { side: Side; comparing: boolean }) {
  const waiting = useMarket(side, (m) => m.waiting);
  const pairs = useMarket(side, (m) => m.pairs);
  const scorer = useScenario((s) => livePolicy(s, side)?.scorer ?? '');
  const matcher = useScenario((s) => livePolicy(s, side)?.matcher ?? '');
  const atStart = useStatus((s) => !s.playing && (s.status?.tick ?? 0) <= 1);
  return (
    <header className="headline">
      {comparing && (
        <p className="headline-policy" data-side={side}>
          <b>{letter(side)}</b> {optionLabel('policy.scorer', scorer)} ·{' '}
          {optionLabel('policy.matcher', matcher)}
        </p>
      )}
      <p className="headline-text">
        {waiting === null || pairs === null ? (
          'Nobody waits yet.'
        ) : (
          <>
            <span className="headline-part">
              {count(waiting)} {waiting === 1 ? 'person waits' : 'people wait'}.
            </span>{' '}
            <span className="headline-part">
              {count(pairs)} {pairs === 1 ? 'pair is' : 'pairs are'} made.
            </span>
          </>
        )}
      </p>
      <p className="headline-sub">
        {atStart
          ? 'Paused at the start of the evening. Press play, and people come.'
          : comparing
            ? 'The same people, the same evening, another policy.'
            : 'Each dot is a person who waits. People close together would talk for a long time. An arc is a new pair.'}
      </p>
    </header>
  );
}

function optionLabel(path: string, value: string): string {
  return knobAt(path).info.options?.find((o) => o.value === value)?.label ?? value;
}
