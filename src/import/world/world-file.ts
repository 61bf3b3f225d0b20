import { LabError, must } from '../../base/errors.ts';
import { ageBands, countries, genders } from '../../scenario/countries.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { MAX_NORM } from '../../model/layout/tower.ts';
import type { Cast, OwnVectors } from '../../world/cast.ts';
import { TASTE } from '../../world/types.ts';
import type { FittedWorld } from './fitted-world.ts';

const FORMAT = 'halfsecond-world';
const VERSION = 1;
/** Floats per person in the scorer's vectors (learned.ts). */
const LEARNED = 32;

/** Columns of a cast, and their values per person. */
const columns = {
  group: [Uint8Array, 1],
  side: [Uint8Array, 1],
  age: [Uint8Array, 1],
  taste: [Float32Array, TASTE],
  appeal: [Float32Array, TASTE],
  talk: [Float32Array, 1],
  charm: [Float32Array, 1],
  meetings: [Uint32Array, 1],
  meanLog: [Float32Array, 1],
} as const;

/** A fitted world as JSON text, with columns as base64 of little-endian values. */
export function writeWorld({ scenario, cast, learned }: FittedWorld): string {
  const packed: Record<string, unknown> = { ...cast };
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) packed[name] = toBase64(cast[name]);
  if (cast.vectors !== undefined) {
    const { peer, user, ...rest } = cast.vectors;
    packed['vectors'] = { ...rest, peer: toBase64(peer), ...(user && { user: toBase64(user) }) };
  }
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    scenario,
    cast: packed,
    learned: { ...learned, vectors: toBase64(learned.vectors) },
  });
}

/** Reads what {@link writeWorld} wrote. Throws LabError where it is damaged. */
export function readWorld(json: unknown, where: string): FittedWorld {
  const file = json as {
    format?: unknown;
    version?: unknown;
    scenario?: unknown;
    cast?: unknown;
    learned?: unknown;
  };
  must(
    typeof json === 'object' && json !== null && file.format === FORMAT && file.version === VERSION,
    'this is not a fitted world (version 1); make one with "lab import"',
    where,
  );
  const cast = file.cast as Record<string, unknown>;
  must(typeof cast === 'object' && cast !== null, 'the cast is missing', where);
  const count = Number(cast['count']);
  must(
    Number.isInteger(count) && count >= 2,
    `count must be a whole number from 2; it is ${String(cast['count'])}`,
    where,
  );
  const read: Record<string, unknown> = { ...cast };
  for (const [name, [Type, width]] of Object.entries(columns))
    read[name] = fromBase64<Uint8Array | Uint32Array | Float32Array>(
      cast[name],
      Type,
      count * width,
      `${where}: cast.${name}`,
    );
  if (cast['vectors'] !== undefined) read['vectors'] = ownVectorsOf(cast['vectors'], count, where);
  for (const name of ['groupNames', 'sideNames', 'ids'])
    must(
      Array.isArray(cast[name]) && (cast[name] as unknown[]).every((t) => typeof t === 'string'),
      `cast.${name} must be a list of texts`,
      where,
    );
  const whole = read as unknown as Cast;
  must(whole.ids.length === count, `there are ${whole.ids.length} ids for ${count} people`, where);
  const levels = [
    ['a group', whole.group, Math.min(countries.length, whole.groupNames.length)],
    ['a side', whole.side, Math.min(genders.length, whole.sideNames.length)],
    ['an age band', whole.age, ageBands.length],
  ] as const;
  for (const [what, values, count] of levels) {
    const isInside = values.every((value) => value < count);
    must(isInside, `${what} is out of range`, where);
  }
  const learned = file.learned as { vectors?: unknown; mean?: unknown; tail?: unknown };
  must(typeof learned === 'object' && learned !== null, 'what was learned is missing', where);
  const { mean, tail } = learned;
  must(typeof mean === 'number' && Number.isFinite(mean), 'learned.mean must be a number', where);
  must(typeof tail === 'number' && tail > 0 && Number.isFinite(tail), 'learned.tail must be above 0', where);
  const scenario = parseScenario(file.scenario);
  must(scenario.cast === whole.key, 'the scenario names other people than those in the file', where);
  return {
    scenario,
    cast: whole,
    learned: {
      vectors: fromBase64(learned.vectors, Float32Array, count * LEARNED, `${where}: learned.vectors`),
      mean,
      tail,
    },
  };
}

function ownVectorsOf(json: unknown, count: number, where: string): OwnVectors {
  const { dim, scale, bias, peer, user } = (json ?? {}) as Record<keyof OwnVectors, unknown>;
  must(
    typeof dim === 'number' && dim >= 4 && dim <= 128 && dim % 4 === 0,
    `cast.vectors.dim must be a multiple of 4 up to 128; it is ${String(dim)}`,
    where,
  );
  must(
    typeof scale === 'number' && Number.isFinite(scale) && typeof bias === 'number' && Number.isFinite(bias),
    'cast.vectors needs a finite scale and bias',
    where,
  );
  const table = (name: 'peer' | 'user', text: unknown) => {
    const values = fromBase64(text, Int16Array, count * dim, `${where}: cast.vectors.${name}`);
    for (let at = 0; at < values.length; at += dim) {
      let q = 0;
      for (let k = at; k < at + dim; k++) q += values[k] ** 2;
      must(
        q <= MAX_NORM ** 2,
        `cast.vectors.${name}: the vector of person ${at / dim} is longer than ${MAX_NORM}`,
        where,
      );
    }
    return values;
  };
  return {
    dim,
    peer: table('peer', peer),
    ...(user !== undefined && { user: table('user', user) }),
    scale,
    bias,
  };
}

type Values = Uint8Array | Uint32Array | Float32Array | Int16Array;

function toBase64(values: Values): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x2000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text);
}

function fromBase64<T extends Values>(
  text: unknown,
  Type: new (buffer: ArrayBuffer) => T,
  length: number,
  where: string,
): T {
  let raw: string;
  try {
    raw = atob(text as string);
  } catch {
    throw new LabError('this is not base64', where);
  }
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  let values: T;
  try {
    values = new Type(bytes.buffer);
  } catch {
    throw new LabError(`${length} values were expected; the length does not fit`, where);
  }
  must(values.length === length, `${length} values were expected; there are ${values.length}`, where);
  for (const v of values) must(Number.isFinite(v), `a value is not finite (${v})`, where);
  return values;
}
