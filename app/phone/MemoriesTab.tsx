import { useEffect, useRef, useState } from 'react';
import { seenBytesOfAll } from '../../src/content/memory/bloom.ts';
import { countMinSize } from '../../src/content/memory/count-min.ts';
import type { PhoneCopy } from '../engine/api.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import { sourceNames } from '../../src/sim/moments/decision.ts';
import { EveningStrip } from './EveningStrip.tsx';
import { Pocket } from './pocket.ts';
import './phone.css';

/** The evening of the pinned person, and the four memories of their phone, cell by cell. */
export function MemoriesTab() {
  const pinned = useUi((s) => s.pinned);
  const engine = useStatus((s) => s.engine);
  const [copy, setCopy] = useState<PhoneCopy | null>(null);
  useEffect(() => {
    let asked = true;
    if (pinned !== null && engine !== null)
      void engine
        .phone(pinned.side, pinned.id)
        .then((found) => asked && setCopy(found))
        .catch(() => asked && setCopy(null));
    return () => {
      asked = false;
    };
  }, [pinned, engine]);
  if (copy === null) return <p>There is no phone to show.</p>;
  return (
    <>
      <EveningStrip copy={copy} />
      <h3>What the phone remembers</h3>
      <p className="phone-note">
        The service learns nothing of this but the counts, once a day. You use a copy: the evening goes on as
        it is.
      </p>
      <Memories key={`${copy.person} ${copy.time}`} copy={copy} />
    </>
  );
}

function Memories({ copy }: { copy: PhoneCopy }) {
  const [pocket, setPocket] = useState(() => new Pocket(copy));
  const [reported, setReported] = useState(false);
  const [, setUses] = useState(0);
  const use = (act: (phone: Pocket) => void) => () => {
    act(pocket);
    setUses((uses) => uses + 1);
  };
  const view = pocket.view();
  return (
    <>
      <div className="phone-buttons">
        {sourceNames.map((source, s) => (
          <button key={source} type="button" className="button" onClick={use((phone) => phone.share(s))}>
            Share a {source} sticker
          </button>
        ))}
        <button
          type="button"
          className="button"
          onClick={use((phone) => {
            phone.report();
            setReported(true);
          })}
        >
          Day-end report
        </button>
        <button type="button" className="button" onClick={use((phone) => phone.wipe())}>
          Wipe
        </button>
        <button
          type="button"
          className="button"
          disabled={!reported}
          onClick={use((phone) => phone.restore())}
        >
          Restore the counts
        </button>
        <button
          type="button"
          className="button"
          onClick={() => {
            setPocket(new Pocket(copy));
            setReported(false);
          }}
        >
          Begin again
        </button>
      </div>

      <h3>Next stickers</h3>
      <ol className="phone-stream" aria-label="The next stickers, by source">
        {view.stream.map((source, k) => (
          <li key={k} data-source={sourceNames[source]}>
            {sourceNames[source]}
          </li>
        ))}
      </ol>

      <h3>Last share: {view.bytes.shortTerm} byte</h3>
      <p>
        {view.lastShared.some(Boolean)
          ? `${sourceNames[view.lastShared.indexOf(true)]}: the next stream begins with it, then the byte is wiped.`
          : 'Nothing was shared since the last stream.'}
      </p>

      <h3>Shares by source: {view.bytes.counts} bytes</h3>
      <table className="phone-cells">
        <caption className="visually-hidden">Counters of the count-min sketch</caption>
        <tbody>
          {view.rows.map((row, r) => (
            <tr key={r}>
              <th scope="row">row {r + 1}</th>
              {row.map((count, c) => (
                <td key={c} data-full={count > 0 || undefined}>
                  {count}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {sourceNames.map((source, s) => `${source} ${view.estimates[s]}`).join(', ')}. From five shares on, a
        source comes twice as often. One source is counted exactly with a chance of at least{' '}
        {percent(view.exactChance)}; three plain counters are always exact, in 6 bytes. A sketch pays for many
        keys, such as creators: {large.width} x {large.depth} counters keep the error of all of them below 1 %
        of the shares, with a chance of 99 %.
      </p>

      <h3>Last slate: {view.bytes.signature} bytes</h3>
      <div
        className="phone-signature"
        role="img"
        aria-label={`${view.signature.filter(Boolean).length} of ${view.signature.length} bits of its SimHash are set`}
      >
        {view.signature.map((isSet, k) => (
          <span key={k} data-set={isSet || undefined} />
        ))}
      </div>
      <p>
        Each bit of this SimHash says on which side of a random plane the mean of the last cards lies. Two
        slates that have nothing in common differ in about half of the {view.signature.length} bits.
      </p>

      <h3>Seen posts: {view.bytes.seen} bytes</h3>
      <SeenBits set={view.seen.set} bits={view.seen.bits} />
      <p>
        {view.seen.set.length.toLocaleString('en')} of {view.seen.bits.toLocaleString('en')} bits are set, as
        by about {Number.isFinite(view.seen.items) ? Math.round(view.seen.items) : 'endless'} posts. The
        filter now hides {percent(view.seen.hiddenShare)} of new posts; one of a tenth of the size would hide{' '}
        {percent(view.small)}. For 500 posts at 1 %, {view.usual.bytes} bytes are enough.
      </p>
      <p>{fleetText()}</p>
    </>
  );
}

/** The bits of the filter as a picture: one square for each. */
function SeenBits({ set, bits }: { set: readonly number[]; bits: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = 200;
  const rows = Math.ceil(bits / columns);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current === null || !context) return;
    context.clearRect(0, 0, columns, rows);
    context.fillStyle = getComputedStyle(canvas.current).color;
    for (const bit of set) context.fillRect(bit % columns, Math.floor(bit / columns), 1, 1);
  }, [set, rows]);
  return (
    <canvas
      ref={canvas}
      className="phone-bits"
      width={columns}
      height={rows}
      role="img"
      aria-label={`${set.length} of ${bits} bits are set`}
    />
  );
}

/** Users and seen posts of the published service: 150 to 200 million people a month. */
function fleetText(): string {
  const { ids, filters } = seenBytesOfAll(180e6, 1000, 8, 0.01);
  return `For 180 million people with 1,000 seen posts each, lists of ids would take ${(ids / 1e12).toFixed(2)} TB, filters ${(filters / 1e12).toFixed(2)} TB.`;
}

/** A sketch for many keys: errors of 1 % of all counts, exceeded with a chance of 1 %. */
const large = countMinSize(0.01, 0.01);

const percent = (share: number): string =>
  share > 0 && share < 0.0001 ? 'under 0.01 %' : `${Number((100 * share).toPrecision(3))} %`;
