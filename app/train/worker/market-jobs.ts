import { measureTickLatency } from '../../../src/experiment/tick-latency.ts';
import { marketEffect, type EffectRow } from '../../../src/experiment/market-effect.ts';
import { createCpuBackend } from '../../../src/match/cpu-backend.ts';
import { cupid } from '../../../src/model/layout/config.ts';
import { loadFamily } from '../../../src/model/layout/save-family.ts';
import type { FamilyModels } from '../../../src/model/serve/families.ts';
import { embedTower } from '../../../src/model/serve/tower.ts';
import { openPageBackend } from '../../engine/matching/open-backend.ts';
import { nameText } from '../names.ts';
import { members } from '../settings.ts';
import type { EffectOrder, LatencyOrder, LatencyResult } from './protocol.ts';
import type { TrainingContext } from './record.ts';

/** Upper limit of a short match, seconds. */
const SHORT_SECONDS = 5;

/** Times ticks that compute the session vectors and ticks that look them up, by history length. */
export async function latency(
  { backend: wish, people, ticks, lengths }: LatencyOrder,
  { gate, tell }: TrainingContext,
): Promise<LatencyResult> {
  const { size, heads, layers } = cupid;
  const { backend } = await openPageBackend(wish, undefined, () => createCpuBackend({ embed: embedTower }));
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

/** Runs the same evenings under every scorer with weights. Effects are against Wide&Deep. */
export async function effect(
  { contestants, evenings, ticks, seed, coldBelow, longSeconds }: EffectOrder,
  { gate, tell }: TrainingContext,
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
