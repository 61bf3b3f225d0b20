import { doneBy, sourceNames } from '../../src/sim/moments/decision.ts';
import type { StripItem } from '../../src/sim/moments/measures/evening-strip.ts';
import { clock } from '../charts/format.ts';
import type { PhoneCopy } from '../engine/api.ts';

/** Items that are listed in words. */
const LISTED = 8;
/** The strip shows at most these last seconds. */
const SHOWN_SECONDS = 300;
const names = { wait: 'waits', chat: 'chats', feed: 'reads the feed' } as const;

/** The evening of a person as a strip, what they saw last, and what the phone guesses they want. */
export function EveningStrip({ copy }: { readonly copy: PhoneCopy }) {
  const { stays, items, time, intent, trueIntent } = copy;
  const from = Math.max(time - SHOWN_SECONDS, stays[0]?.from ?? time - 1);
  const percent = (at: number) => `${(100 * (Math.max(from, at) - from)) / Math.max(1e-9, time - from)}%`;
  const shown = stays.filter(({ to }) => to > from);
  const totals = (['wait', 'chat', 'feed'] as const).map((place) => {
    const own = shown.filter((stay) => stay.place === place);
    const seconds = own.reduce((sum, stay) => sum + stay.to - Math.max(from, stay.from), 0);
    return { place, seconds, text: `${names[place]} ${Math.round(seconds)} s` };
  });
  const search = Math.round(100 * intent[1]);
  return (
    <>
      <h3>Their evening</h3>
      {shown.length === 0 ? (
        <p>They have just come.</p>
      ) : (
        <>
          <div
            className="phone-strip"
            role="img"
            aria-label={`The last ${Math.round(time - from)} seconds: ${totals.map(({ text }) => text).join(', ')}`}
          >
            {shown.map((stay) => (
              <span
                key={stay.from}
                data-place={stay.place}
                style={{ left: percent(stay.from), right: `calc(100% - ${percent(stay.to)})` }}
              />
            ))}
            {items
              .filter((item) => item.time >= from)
              .map((item, k) => (
                <i key={k} data-what={item.what} style={{ left: percent(item.time) }} />
              ))}
          </div>
          <p className="phone-legend">
            {clock(from)} to {clock(time)}:{' '}
            {totals
              .filter(({ seconds }) => seconds > 0)
              .map(({ place, text }) => (
                <span key={place}>
                  <b data-place={place} aria-hidden="true" /> {text}
                </span>
              ))}
          </p>
        </>
      )}
      {items.length > 0 && (
        <ol className="phone-items" aria-label="What they saw last, the latest first">
          {items
            .slice(-LISTED)
            .reverse()
            .map((item, k) => (
              <li key={k}>{words(item)}</li>
            ))}
        </ol>
      )}
      <h3>What they want tonight</h3>
      <div
        className="phone-intent"
        role="img"
        aria-label={`The phone guesses: they listen with a chance of ${100 - search} %, they search with ${search} %`}
      >
        <span style={{ width: `${100 - search}%` }} />
      </div>
      <p>
        The phone guesses from skips and from when they leave the feed: listen {100 - search} %, search{' '}
        {search} %. In truth, they {trueIntent === 1 ? 'search' : 'listen'}.
      </p>
    </>
  );
}

function words({ what, time, source, did }: StripItem): string {
  const kind =
    what === 'sticker'
      ? `a ${sourceNames[source]} sticker`
      : source === 0
        ? 'an ad'
        : `a post of a ${sourceNames[source]} creator`;
  const done = doneBy(did).filter((name) => name !== 'stop' && name !== 'away' && name !== 'click');
  const ends = doneBy(did).some((name) => name === 'stop' || name === 'away') ? ', then left the feed' : '';
  const did1 = what === 'sticker' ? 'shared' : done.length === 0 ? 'read' : done.map(past).join(', ');
  return `${clock(time)} ${kind}: ${did1}${ends}`;
}

const past = (name: string) =>
  ({
    like: 'liked',
    comment: 'commented',
    share: 'shared',
    gift: 'sent a gift',
    skip: 'skipped',
  })[name] ?? name;
