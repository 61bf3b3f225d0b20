import type { SkyView } from '../engine/api.ts';
import { ARC, POINT } from './render/fields.ts';
import { ease, motion, State } from './render/motion.ts';
import { checkFrame } from './check-frame.ts';
import { colourIndex, waitShare } from './palette.ts';
import type { SkyFrame } from './types.ts';

/**
 * Sooner ticks, milliseconds, leave no time to fade: all their lights would whiten the sky. People
 * appear at once, and a pair is shown for its tick and the next one.
 */
const FAST_MS = 120;
const FAR_PAST = -1e6;
const FAR_FUTURE = 1e6;

/**
 * The points and arcs on show, keyed by person. New points fade in. A pair gets an arc and fades at
 * the next tick. A person who gives up drifts outwards and fades. The arrays grow by doubling;
 * drawing a frame allocates nothing.
 */
export class SkyScene {
  /** f32[count][POINT.stride] and u32[count]. */
  points = new Float32Array(256 * POINT.stride);
  ids = new Uint32Array(256);
  count = 0;
  /** f32[arcCount][ARC.stride]. */
  arcs = new Float32Array(128 * ARC.stride);
  arcCount = 0;
  /**
   * Origin of the times in the arrays, milliseconds. It moves with every tick to keep f32 seconds
   * exact.
   */
  epoch = 0;
  /** Increases with every change of the arrays. */
  version = 0;
  /** Something moves or fades until this time, milliseconds. */
  busyUntil = 0;

  #slots = new Map<number, number>();
  #stamp = new Uint32Array(256);
  #poolIndex = new Int32Array(256);
  #tick = 0;
  #isFast = false;

  /** Index in the pool of the point in a slot, or -1 if that person no longer waits. */
  poolIndex(slot: number): number {
    return this.#stamp[slot] === this.#tick ? this.#poolIndex[slot] : -1;
  }

  slotOf(id: number): number {
    return this.#slots.get(id) ?? -1;
  }

  /**
   * Applies the result of a tick. Throws LabError if an array is too short, a position is not
   * finite or a pair lies outside the pool.
   */
  setPeople(frame: SkyFrame, view: Pick<SkyView, 'colourBy' | 'reducedMotion'>, nowMs: number): void {
    checkFrame(frame);
    const still = view.reducedMotion;
    this.#isFast = nowMs - this.epoch < FAST_MS;
    this.#rebase(nowMs);
    this.#sweep(still);
    this.#part();
    this.#tick += 1;
    this.version += 1;
    this.#makeRoom(frame.n);
    for (let i = 0; i < frame.n; i += 1) this.#wait(frame, i, view.colourBy, still);
    for (let k = 0; k + 1 < frame.pairs.length; k += 2)
      this.#pair(frame, frame.pairs[k], frame.pairs[k + 1], still);
    for (const id of frame.left) {
      const slot = this.slotOf(id);
      if (slot >= 0 && this.#stamp[slot] !== this.#tick) this.#turn(slot, State.leaving);
    }
    // People who are missing without having left (a truncated pool, another market) fade like those
    // who leave.
    for (let slot = 0; slot < this.count; slot += 1) {
      const missing =
        this.#stamp[slot] !== this.#tick && this.points[slot * POINT.stride + POINT.state] === State.waiting;
      if (missing) this.#turn(slot, State.leaving);
    }
    this.busyUntil = still
      ? nowMs
      : nowMs +
        1000 * Math.max(motion.arrive, motion.drift, motion.meet + motion.settle, motion.part, motion.leave);
  }

  /**
   * Position of a point at a time, written to `out` in disc coordinates. Same as `place` in
   * shaders/sky/sky.wgsl.
   */
  placeAt(slot: number, nowMs: number, still: boolean, out: { x: number; y: number }): void {
    const p = this.points;
    const at = slot * POINT.stride;
    const now = (nowMs - this.epoch) / 1000;
    const t = still ? 1 : ease((now - p[at + POINT.moved]) / motion.drift);
    out.x = p[at + POINT.fromX] + (p[at + POINT.toX] - p[at + POINT.fromX]) * t;
    out.y = p[at + POINT.fromY] + (p[at + POINT.toY] - p[at + POINT.fromY]) * t;
    if (still || p[at + POINT.state] !== State.leaving) return;
    const radius = Math.max(0.05, Math.hypot(out.x, out.y));
    const away = (motion.outwards * ease((now - p[at + POINT.since]) / motion.leave)) / radius;
    out.x += out.x * away;
    out.y += out.y * away;
  }

  /** Replaces the segments of the last frame (u8, by index in the pool) at once, without motion. */
  recolour(segment: Uint8Array, colourBy: SkyView['colourBy']): void {
    const p = this.points;
    for (let slot = 0; slot < this.count; slot += 1) {
      const i = this.poolIndex(slot);
      const at = slot * POINT.stride;
      if (i >= 0) p[at + POINT.colour] = colourIndex(colourBy, segment[i] ?? 0, p[at + POINT.waited]);
    }
    this.version += 1;
  }

  clear(): void {
    this.count = 0;
    this.arcCount = 0;
    this.#slots.clear();
    this.version += 1;
  }

  #wait(frame: SkyFrame, i: number, colourBy: SkyView['colourBy'], still: boolean): void {
    const id = frame.ids[i];
    let slot = this.slotOf(id);
    const x = frame.positions[2 * i];
    const y = frame.positions[2 * i + 1];
    let at = slot * POINT.stride;
    const p = this.points;
    if (slot >= 0 && this.#stamp[slot] === this.#tick) return;
    const known = slot >= 0;
    if (!known) {
      slot = this.count;
      this.count += 1;
      at = slot * POINT.stride;
      this.#slots.set(id, slot);
      this.ids[slot] = id;
    }
    // A person who returns while still fading appears again, like a new one.
    if (!known || p[at + POINT.state] !== State.waiting) {
      p[at + POINT.born] = still || this.#isFast ? FAR_PAST : 0;
      p[at + POINT.fromX] = x;
      p[at + POINT.fromY] = y;
      p[at + POINT.moved] = FAR_PAST;
    } else {
      this.placeAt(slot, this.epoch, still, spot);
      p[at + POINT.fromX] = spot.x;
      p[at + POINT.fromY] = spot.y;
      p[at + POINT.moved] = 0;
    }
    p[at + POINT.toX] = x;
    p[at + POINT.toY] = y;
    p[at + POINT.state] = State.waiting;
    p[at + POINT.since] = 0;
    p[at + POINT.colour] = colourIndex(colourBy, frame.segment[i], waitShare(frame.waited[i]));
    p[at + POINT.waited] = waitShare(frame.waited[i]);
    p[at + POINT.parted] = FAR_FUTURE;
    this.#stamp[slot] = this.#tick;
    this.#poolIndex[slot] = i;
  }

  #pair(frame: SkyFrame, i: number, j: number, still: boolean): void {
    const a = this.slotOf(frame.ids[i]);
    const b = this.slotOf(frame.ids[j]);
    if (a < 0 || b < 0) return;
    this.#turn(a, State.matched);
    this.#turn(b, State.matched);
    if ((this.arcCount + 1) * ARC.stride > this.arcs.length)
      this.arcs = grown(this.arcs, this.arcs.length * 2);
    const at = this.arcCount * ARC.stride;
    this.arcCount += 1;
    const p = this.points;
    this.placeAt(a, this.epoch, still, spot);
    this.arcs[at + ARC.ax] = spot.x;
    this.arcs[at + ARC.ay] = spot.y;
    this.placeAt(b, this.epoch, still, spot);
    this.arcs[at + ARC.bx] = spot.x;
    this.arcs[at + ARC.by] = spot.y;
    this.arcs[at + ARC.start] = 0;
    this.arcs[at + ARC.parted] = FAR_FUTURE;
    this.arcs[at + ARC.colours] =
      p[a * POINT.stride + POINT.colour] + 16 * p[b * POINT.stride + POINT.colour];
    // Arcs bend to either side, depending on the pair, by a sixth to a third of their length.
    const turn = (Math.imul(frame.ids[i] ^ frame.ids[j], 0x9e3779b1) >>> 0) * 2 ** -32;
    this.arcs[at + ARC.bend] = (turn < 0.5 ? -1 : 1) * (0.16 + 0.3 * Math.abs(turn - 0.5));
    for (const slot of [a, b]) this.#hold(slot, still);
  }

  #hold(slot: number, still: boolean): void {
    this.placeAt(slot, this.epoch, still, spot);
    const at = slot * POINT.stride;
    this.points[at + POINT.fromX] = this.points[at + POINT.toX] = spot.x;
    this.points[at + POINT.fromY] = this.points[at + POINT.toY] = spot.y;
  }

  #turn(slot: number, state: State): void {
    const at = slot * POINT.stride;
    if (this.points[at + POINT.state] === state && state !== State.matched) return;
    this.points[at + POINT.state] = state;
    this.points[at + POINT.since] = 0;
  }

  /** Removes what has faded; with reduced motion, everything that does not wait. */
  #sweep(still: boolean): void {
    const p = this.points;
    const [part, leave] = this.#isFast ? [0, 0] : [motion.part, motion.leave];
    for (let slot = this.count - 1; slot >= 0; slot -= 1) {
      const at = slot * POINT.stride;
      const state = p[at + POINT.state];
      const faded =
        state === State.matched
          ? -p[at + POINT.parted] >= part
          : state === State.leaving && -p[at + POINT.since] >= leave;
      if (faded || (still && state !== State.waiting)) this.#remove(slot);
    }
    let kept = 0;
    for (let k = 0; k < this.arcCount; k += 1) {
      const at = k * ARC.stride;
      if (still || -this.arcs[at + ARC.parted] >= part) continue;
      if (kept !== k) this.arcs.copyWithin(kept * ARC.stride, at, at + ARC.stride);
      kept += 1;
    }
    this.arcCount = kept;
  }

  /** The pairs of the last tick start to fade. */
  #part(): void {
    const p = this.points;
    for (let at = 0; at < this.count * POINT.stride; at += POINT.stride)
      if (p[at + POINT.state] === State.matched) p[at + POINT.parted] = Math.min(p[at + POINT.parted], 0);
    for (let at = 0; at < this.arcCount * ARC.stride; at += ARC.stride)
      this.arcs[at + ARC.parted] = Math.min(this.arcs[at + ARC.parted], 0);
  }

  #remove(slot: number): void {
    const last = this.count - 1;
    this.#slots.delete(this.ids[slot]);
    if (slot !== last) {
      this.points.copyWithin(slot * POINT.stride, last * POINT.stride, (last + 1) * POINT.stride);
      this.ids[slot] = this.ids[last];
      this.#stamp[slot] = this.#stamp[last];
      this.#poolIndex[slot] = this.#poolIndex[last];
      this.#slots.set(this.ids[slot], slot);
    }
    this.count = last;
  }

  /** Makes `nowMs` time 0. */
  #rebase(nowMs: number): void {
    const shift = (nowMs - this.epoch) / 1000;
    this.epoch = nowMs;
    const p = this.points;
    for (let at = 0; at < this.count * POINT.stride; at += POINT.stride)
      for (const field of [POINT.moved, POINT.born, POINT.since, POINT.parted])
        p[at + field] = earlier(p[at + field], shift);
    for (let at = 0; at < this.arcCount * ARC.stride; at += ARC.stride)
      for (const field of [ARC.start, ARC.parted])
        this.arcs[at + field] = earlier(this.arcs[at + field], shift);
  }

  /** Grows the arrays so that `incoming` more points fit. */
  #makeRoom(incoming: number): void {
    let room = this.ids.length;
    while (room < this.count + incoming) room *= 2;
    if (room === this.ids.length) return;
    this.points = grown(this.points, room * POINT.stride);
    this.ids = grownWords(this.ids, room);
    this.#stamp = grownWords(this.#stamp, room);
    const index = new Int32Array(room);
    index.set(this.#poolIndex);
    this.#poolIndex = index;
  }
}

const spot = { x: 0, y: 0 };

/** A time after the epoch has moved by `shift` seconds. FAR_PAST and FAR_FUTURE stay. */
function earlier(time: number, shift: number): number {
  return time === FAR_FUTURE ? time : Math.max(FAR_PAST, time - shift);
}

function grown(from: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const to = new Float32Array(length);
  to.set(from);
  return to;
}

function grownWords(from: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(length);
  to.set(from);
  return to;
}
