import { measureTickLatency } from '../../../src/experiment/tick-latency.ts';
import { marketEffect, type EffectRow } from '../../../src/experiment/market-effect.ts';
import { cupid } from '../../../src/model/layout/config.ts';
import { loadFamily } from '../../../src/model/layout/save-family.ts';
import type { FamilyModels } from '../../../src/model/serve/families.ts';
import { openBackend } from '../../engine/open-backend.ts';
import type { Gate } from './gate.ts';
import {
  members,
  type Contestants,
  type EffectOrder,
  type LatencyOrder,
  type LatencyResult,
  type Tell,
} from './orders.ts';
import { nameText } from '../state/knobs.ts';

/** Shorter than this is a short match, seconds. */
const SHORT_SECONDS = 5;

/** Ticks with the session vectors in them and outside, by length of history. */
export async function latency(
  { backend: wish, people, ticks, lengths }: LatencyOrder,
  gate: Gate,
  tell: Tell,
): Promise<LatencyResult> {
  const { size, heads, layers } = cupid;
  const { backend } = await openBackend(wish, () => undefined);
  try {
    let what = '';
    const rows = await measureTickLatency({
      ...{ backend, people, ticks, lengths, size, heads, layers },
      say: (text) => (what = `Ticks with ${text}`),
      async ticked(share) {
        tell({ kind: 'share', what, share });
        await gate.pass();
      },
    });
    return {
      adapter: `${backend.kind === 'gpu' ? 'WebGPU' : 'CPU'}, ${backend.adapter}`,
      people,
      ticks,
      rows,
    };
  } finally {
    backend.dispose();
  }
}

/** The same evenings under every scorer that there are weights for, against Wide&Deep. */
export async function effect(
  contestants: Contestants,
  { evenings, ticks, seed, coldBelow, longSeconds }: EffectOrder,
  gate: Gate,
  tell: Tell,
): Promise<EffectRow[]> {
  const contenders = members.filter((member) => contestants[member] !== undefined);
  const families = Object.fromEntries(
    contenders.map((member) => {
      const { bytes, header } = contestants[member]!;
      return [member, loadFamily(bytes, header, header.name)];
    }),
  ) as FamilyModels;
  const living = marketEffect({
    contenders,
    baseline: 'wide-deep',
    seeds: Array.from({ length: evenings }, (_, k) => seed + k),
    ticks,
    families,
    longSeconds,
    shortSeconds: SHORT_SECONDS,
    coldBelow,
  });
  try {
    let result = await living.next();
    for (; !result.done; result = await living.next()) {
      const { seed: world, contender, done, of } = result.value;
      tell({ kind: 'share', what: `Evening ${world} under ${nameText(contender)}`, share: done / of });
      await gate.pass();
    }
    return result.value;
  } finally {
    await living.return([]);
  }
}
