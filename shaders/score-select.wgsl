// The K best of every row out of a strip, where a pair is found in the row of one end and in the column of the other.
// Needs hash.wgsl, pool.wgsl, strip.wgsl, rows.wgsl, score-best.wgsl. One invocation per person, three steps, without atomics:
//   1. the heaviest of each of 32 classes of candidates; the K-th heaviest of these is a floor that K candidates reach at least, and about
//      a third more than K in all;
//   2. those who reach it are noted, every candidate being written to the next free place, which moves on only past one that counts;
//   3. the noted ones are ranked by counting who goes before whom.
// There are no rare branches: a CPU that plays GPU runs both sides of every branch, whether a lane wants it or not (loops at least once).

// vec2u[n][128]: candidate and bits of its weight, then for each its hash and id.
@group(0) @binding(8) var<storage, read_write> queue: array<vec2u>;

// Most candidates that can be noted, and the offset of their hashes.
const ROOM: u32 = 64u;

fn four(at: u32, step: u32) -> vec4f {
  return vec4f(weights[at], weights[at + step], weights[at + 2u * step], weights[at + 3u * step]);
}

// The tile where person i finds a part of its candidates, at which places of the strip.
struct Part {
  other: u32,
  at: u32,
  step: u32,
}

// In its own row a person meets those ahead on the ring, in its column those behind.
fn part_of(i: u32, part: u32) -> Part {
  let e = part / 2u;
  let ahead = part % 2u == 0u;
  let tile = i / TILE;
  let distance = strip.first + e;
  let other = ((tile + select(strip.tiles - distance, distance, ahead)) % strip.tiles) * TILE;
  let in_column = other * strip.deep * TILE + e * TILE + i % TILE;
  return Part(other, select(in_column, i * strip.deep * TILE + e * TILE, ahead), select(strip.deep * TILE, 1u, ahead));
}

fn before(w: f32, h: vec2u, v: f32, g: vec2u) -> bool {
  // Of one person's pairs, weight, then hash, then the partner's id.
  return (w > v) | ((w == v) & ((h.x < g.x) | ((h.x == g.x) & (h.y < g.y))));
}

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = strip.row_block + id.x;
  if (i >= rule.n) {
    return;
  }
  let me = people[i].id;
  let start = i * strip.length;
  let noted = i * 2u * ROOM;
  let parts = 2u * strip.deep;
  let listed = select(rows[i].length, 0u, strip.opening == 1u);

  var m0: vec4f = vec4f(LOWEST);
  var m1: vec4f = m0;
  var m2: vec4f = m0;
  var m3: vec4f = m0;
  var m4: vec4f = m0;
  var m5: vec4f = m0;
  var m6: vec4f = m0;
  var m7: vec4f = m0;
  for (var k: u32 = 0u; k < listed; k++) {
    let w = bitcast<f32>(lists[start + k].y);
    m0 = select(m0, larger(m0, vec4f(w)), vec4u(0u, 1u, 2u, 3u) == vec4u(k));
    m1 = select(m1, larger(m1, vec4f(w)), vec4u(4u, 5u, 6u, 7u) == vec4u(k));
    m2 = select(m2, larger(m2, vec4f(w)), vec4u(8u, 9u, 10u, 11u) == vec4u(k));
    m3 = select(m3, larger(m3, vec4f(w)), vec4u(12u, 13u, 14u, 15u) == vec4u(k));
  }
  for (var p: u32 = 0u; p < parts; p++) {
    let part = part_of(i, p);
    for (var x: u32 = 0u; x < TILE; x += 32u) {
      let at = part.at + x * part.step;
      let step = part.step;
      m0 = larger(m0, four(at, step));
      m1 = larger(m1, four(at + 4u * step, step));
      m2 = larger(m2, four(at + 8u * step, step));
      m3 = larger(m3, four(at + 12u * step, step));
      m4 = larger(m4, four(at + 16u * step, step));
      m5 = larger(m5, four(at + 20u * step, step));
      m6 = larger(m6, four(at + 24u * step, step));
      m7 = larger(m7, four(at + 28u * step, step));
    }
  }
  // The K-th largest of the 32, bit by bit.
  var key: u32 = 0u;
  for (var bit: u32 = 0x80000000u; bit != 0u; bit >>= 1u) {
    let c = vec4u(key | bit);
    let counts = count_of(ordered(m0) >= c) + count_of(ordered(m1) >= c) + count_of(ordered(m2) >= c) + count_of(ordered(m3) >= c)
      + count_of(ordered(m4) >= c) + count_of(ordered(m5) >= c) + count_of(ordered(m6) >= c) + count_of(ordered(m7) >= c);
    key = select(key, key | bit, counts.x + counts.y + counts.z + counts.w >= strip.length);
  }
  let floor = weight_of(key);

  var count: u32 = 0u;
  for (var k: u32 = 0u; k < listed; k++) {
    let entry = lists[start + k];
    queue[noted + min(count, ROOM - 1u)] = entry;
    count += select(0u, 1u, bitcast<f32>(entry.y) >= floor);
  }
  for (var p: u32 = 0u; p < parts; p++) {
    let part = part_of(i, p);
    for (var x: u32 = 0u; x < TILE; x++) {
      let w = weights[part.at + x * part.step];
      queue[noted + min(count, ROOM - 1u)] = vec2u(part.other + x, bitcast<u32>(w));
      count += select(0u, 1u, (w >= floor) & (w > LOWEST));
    }
  }
  // Too many weigh the same: only those of them whose hash is small enough.
  var low: u32 = 0u;
  var high: u32 = 0xffffffffu;
  var tries: u32 = 0u;
  var tied: bool = false;
  while ((count > ROOM || (tied && count < strip.length)) && tries < TRIES) {
    let half = low + (high - low) / 2u;
    let bound = select(half, u32(4294967040.0 * f32(ROOM / 2u) / f32(max(count, ROOM))), tries == 0u);
    // The ends of the loops depend on it too: a CPU that plays GPU runs them for lanes that are out.
    let again = count > ROOM || (tied && count < strip.length);
    tied = true;
    tries++;
    count = 0u;
    for (var k: u32 = 0u; k < select(0u, listed, again); k++) {
      let entry = lists[start + k];
      let w = bitcast<f32>(entry.y);
      queue[noted + min(count, ROOM - 1u)] = entry;
      count += select(0u, 1u, (w > floor) | ((w == floor) & (pair_hash(me, people[entry.x].id, rule.seed) <= bound)));
    }
    for (var p: u32 = 0u; p < select(0u, parts, again); p++) {
      let part = part_of(i, p);
      for (var x: u32 = 0u; x < select(0u, TILE, again); x++) {
        let w = weights[part.at + x * part.step];
        let other = min(part.other + x, rule.n - 1u);
        queue[noted + min(count, ROOM - 1u)] = vec2u(other, bitcast<u32>(w));
        let small = pair_hash(me, people[other].id, rule.seed) <= bound;
        count += select(0u, 1u, (w > LOWEST) & ((w > floor) | ((w == floor) & small)));
      }
    }
    low = select(low, bound, count < strip.length);
    high = select(high, bound, count > ROOM);
  }
  let lost = count > ROOM || (tied && count < strip.length);
  let last = min(count, ROOM);
  for (var k: u32 = 0u; k < last; k++) {
    let other = people[queue[noted + k].x].id;
    queue[noted + ROOM + k] = vec2u(pair_hash(me, other, rule.seed), other);
  }

  var row: Row = Row(start, min(last, strip.length), 0u, 0u, LOWEST, LOWEST, 0.0);
  row.flags = select(0u, FULL, last >= strip.length) | select(0u, FULL | OVERFLOWN, lost);
  // Four at a time against all.
  for (var k: u32 = 0u; k < last; k += 4u) {
    let at = noted + min(vec4u(k) + vec4u(0u, 1u, 2u, 3u), vec4u(last - 1u));
    let a = queue[at.x];
    let b = queue[at.y];
    let c = queue[at.z];
    let d = queue[at.w];
    let w = bitcast<vec4f>(vec4u(a.y, b.y, c.y, d.y));
    let ha = queue[at.x + ROOM];
    let hb = queue[at.y + ROOM];
    let hc = queue[at.z + ROOM];
    let hd = queue[at.w + ROOM];
    var ranks: vec4u = vec4u();
    for (var q: u32 = 0u; q < last; q++) {
      let v = bitcast<f32>(queue[noted + q].y);
      let h = queue[noted + ROOM + q];
      ranks += count_of(vec4<bool>(before(v, h, w.x, ha), before(v, h, w.y, hb), before(v, h, w.z, hc), before(v, h, w.w, hd)));
    }
    // Those beyond the last are copies of it.
    let places = min(ranks, vec4u(strip.length));
    place(start, places.x, a);
    place(start, places.y, b);
    place(start, places.z, c);
    place(start, places.w, d);
    row.top = select(row.top, w.x, places.x == 0u);
    row.top = select(row.top, w.y, places.y == 0u);
    row.top = select(row.top, w.z, places.z == 0u);
    row.top = select(row.top, w.w, places.w == 0u);
    row.first = select(row.first, w.x, places.x == strip.length - 1u);
    row.first = select(row.first, w.y, places.y == strip.length - 1u);
    row.first = select(row.first, w.z, places.z == strip.length - 1u);
    row.first = select(row.first, w.w, places.w == strip.length - 1u);
  }
  row.second = select(LOWEST, 0.0, last >= strip.length);
  rows[i] = row;
}

fn place(start: u32, rank: u32, entry: vec2u) {
  if (rank < strip.length) {
    lists[start + rank] = entry;
  }
}
