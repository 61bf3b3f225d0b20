// The K best of every row out of a strip, where a pair is found in the row of one end and in the column of the other, by way of blocks of
// eight. Needs hash.wgsl, pool.wgsl, strip.wgsl, rows.wgsl, score-best.wgsl, score-blocks.wgsl. One invocation per person, three steps, without atomics:
//   1. the heaviest of each of 32 classes of blocks; the K-th heaviest of these is a floor that K candidates reach at least, and about
//      half as many more in all;
//   2. those who reach it are noted; only blocks whose heaviest reaches it are opened;
//   3. the noted ones are ranked by counting who goes before whom, eight at a time in registers.
// A CPU that plays GPU runs both sides of every branch, whether a lane wants it or not, and every loop once at least: so what is rare is a
// loop over bits.

// vec2u[n][128]: candidate and bits of its weight.
@group(0) @binding(8) var<storage, read_write> queue: array<vec2u>;
@group(0) @binding(9) var<storage, read> maxima: array<f32>;

// Most candidates that can be noted.
const ROOM: u32 = 128u;

fn four(at: u32) -> vec4f {
  return vec4f(maxima[at], maxima[at + 1u], maxima[at + 2u], maxima[at + 3u]);
}

fn bits_of(w: vec4f, floor: f32) -> u32 {
  let bits = select(vec4u(), vec4u(1u, 2u, 4u, 8u), (w >= vec4f(floor)) & (w > vec4f(LOWEST)));
  return (bits.x | bits.y) | (bits.z | bits.w);
}

// One bit per block of the tile that reaches the floor; those of side 1 are 256 times as much.
fn reach(i: u32, e: u32, floor: f32) -> u32 {
  let row = maximum_at(i, 0u, e);
  let column = maximum_at(i, 1u, e);
  return bits_of(four(row), floor) + 16u * bits_of(four(row + 4u), floor) + 256u * (bits_of(four(column), floor) + 16u * bits_of(four(column + 4u), floor));
}

// The same of two tiles, those of the second 65,536 times as much.
fn reach_two(i: u32, e: u32, floor: f32) -> u32 {
  return reach(i, e, floor) + 65536u * select(0u, reach(i, min(e + 1u, strip.deep - 1u), floor), e + 1u < strip.deep);
}

// The lowest bit that is set, and of a word with one bit set its place among eight, whichever eight. A CPU that plays GPU counts zeros,
// shifts and divides lane by lane; this it does not.
fn lowest(bits: u32) -> u32 {
  return bits & (~bits + 1u);
}

fn place_of(bit: u32) -> u32 {
  return select(0u, 1u, (bit & 0xaaaaaaaau) != 0u) + select(0u, 2u, (bit & 0xccccccccu) != 0u) + select(0u, 4u, (bit & 0xf0f0f0f0u) != 0u);
}

// The block that a bit of `reach_two` stands for.
fn block_at(i: u32, tile: u32, e: u32, bit: u32) -> Block {
  let side = select(0u, 1u, (bit & 0xff00ff00u) != 0u);
  return block_of(i, tile, side, e + select(0u, 1u, (bit & 0xffff0000u) != 0u), place_of(bit));
}

// Those of the block who reach the floor, a bit each.
fn hits_of(eight: Block, floor: f32) -> u32 {
  let half = eight.at + eight.leap * eight.stride;
  let near = vec4f(weights[eight.at], weights[eight.at + eight.stride], weights[eight.at + 2u * eight.stride], weights[eight.at + 3u * eight.stride]);
  let far = vec4f(weights[half], weights[half + eight.stride], weights[half + 2u * eight.stride], weights[half + 3u * eight.stride]);
  return bits_of(near, floor) + 16u * bits_of(far, floor);
}

// The one that a bit of `hits_of` stands for, and bits of the weight.
fn candidate(eight: Block, bit: u32) -> vec2u {
  let step = offset_in(eight, place_of(bit));
  return vec2u(min(eight.other + step, rule.n - 1u), bitcast<u32>(weights[eight.at + step * eight.stride]));
}

// Hashes as signed integers of the same order: these compare in one step everywhere.
fn sign(hash: u32) -> i32 {
  return bitcast<i32>(hash ^ 0x80000000u);
}

// Does a candidate (w, hash, id) go before these four? Of one person's pairs, weight, then hash, then the partner's id.
fn before(w: f32, hash: i32, id: u32, v: vec4f, hashes: vec4i, ids: vec4u) -> vec4u {
  let tied = (vec4f(w) == v) & ((vec4i(hash) < hashes) | ((vec4i(hash) == hashes) & (vec4u(id) < ids)));
  return count_of((vec4f(w) > v) | tied);
}

fn place(start: u32, ranks: vec4u, at: vec4u) {
  place_one(start, ranks.x, at.x);
  place_one(start, ranks.y, at.y);
  place_one(start, ranks.z, at.z);
  place_one(start, ranks.w, at.w);
}

fn place_one(start: u32, rank: u32, at: u32) {
  if (rank < strip.length) {
    lists[start + rank] = queue[at];
  }
}

fn weights_at(at: vec4u) -> vec4f {
  return bitcast<vec4f>(vec4u(queue[at.x].y, queue[at.y].y, queue[at.z].y, queue[at.w].y));
}

fn ids_at(at: vec4u) -> vec4u {
  return vec4u(people[queue[at.x].x].id, people[queue[at.y].x].id, people[queue[at.z].x].id, people[queue[at.w].x].id);
}

fn hashes_of(me: u32, ids: vec4u) -> vec4i {
  return vec4i(
    sign(pair_hash(me, ids.x, rule.seed)),
    sign(pair_hash(me, ids.y, rule.seed)),
    sign(pair_hash(me, ids.z, rule.seed)),
    sign(pair_hash(me, ids.w, rule.seed)),
  );
}

// Of four weights the one whose rank is r, or what was known before.
fn ranked(known: f32, w: vec4f, ranks: vec4u, r: u32) -> f32 {
  let found = select(vec4f(LOWEST), w, ranks == vec4u(r));
  let best = widest(found);
  return select(known, best, best > known);
}

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = strip.row_block + id.x;
  if (i >= rule.n) {
    return;
  }
  let me = people[i].id;
  let start = i * strip.length;
  let noted = i * ROOM;
  let tiles = strip.deep;
  let tile = i / TILE;
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
  for (var e: u32 = 0u; e < tiles; e += 2u) {
    let row = maximum_at(i, 0u, e);
    let column = maximum_at(i, 1u, e);
    m0 = larger(m0, four(row));
    m1 = larger(m1, four(row + 4u));
    m2 = larger(m2, four(column));
    m3 = larger(m3, four(column + 4u));
    // The tile after it lies next to it, where there is one.
    let more = vec4<bool>(e + 1u < tiles);
    let none = vec4f(LOWEST);
    m4 = larger(m4, select(none, four(row + 8u), more));
    m5 = larger(m5, select(none, four(row + 12u), more));
    m6 = larger(m6, select(none, four(column + 8u), more));
    m7 = larger(m7, select(none, four(column + 12u), more));
  }
  // The K-th largest of the 32, bit by bit.
  let o0 = ordered(m0);
  let o1 = ordered(m1);
  let o2 = ordered(m2);
  let o3 = ordered(m3);
  let o4 = ordered(m4);
  let o5 = ordered(m5);
  let o6 = ordered(m6);
  let o7 = ordered(m7);
  var key: u32 = 0u;
  for (var bit: u32 = 0x80000000u; bit != 0u; bit >>= 1u) {
    let c = vec4u(key | bit);
    let counts = count_of(o0 >= c) + count_of(o1 >= c) + count_of(o2 >= c) + count_of(o3 >= c)
      + count_of(o4 >= c) + count_of(o5 >= c) + count_of(o6 >= c) + count_of(o7 >= c);
    key = select(key, key | bit, counts.x + counts.y + counts.z + counts.w >= strip.length);
  }
  let floor = weight_of(key);

  var count: u32 = 0u;
  for (var k: u32 = 0u; k < listed; k++) {
    let entry = lists[start + k];
    queue[noted + min(count, ROOM - 1u)] = entry;
    count += select(0u, 1u, bitcast<f32>(entry.y) >= floor);
  }
  for (var e: u32 = 0u; e < tiles; e += 2u) {
    var blocks: u32 = reach_two(i, e, floor);
    while (blocks != 0u) {
      let eight = block_at(i, tile, e, lowest(blocks));
      blocks &= blocks - 1u;
      var hits: u32 = hits_of(eight, floor);
      while (hits != 0u) {
        queue[noted + min(count, ROOM - 1u)] = candidate(eight, lowest(hits));
        hits &= hits - 1u;
        count++;
      }
    }
  }
  // Where too many weigh as much as the floor: only those of them whose hash is small enough.
  var bound: u32 = u32(4294967040.0 * f32(ROOM / 2u) / f32(max(count, ROOM)));
  var low: u32 = 0u;
  var high: u32 = 0xffffffffu;
  var lost: bool = count > ROOM;
  for (var tries: u32 = 0u; lost && tries < TRIES; tries++) {
    // The ends of the loops depend on it too: on such a device they run for lanes that are out.
    let few = select(0u, listed, lost);
    let wide = select(0u, tiles, lost);
    count = 0u;
    for (var k: u32 = 0u; k < few; k++) {
      let entry = lists[start + k];
      let w = bitcast<f32>(entry.y);
      queue[noted + min(count, ROOM - 1u)] = entry;
      count += select(0u, 1u, (w > floor) | ((w == floor) & (pair_hash(me, people[entry.x].id, rule.seed) <= bound)));
    }
    for (var e: u32 = 0u; e < wide; e += 2u) {
      var blocks: u32 = select(0u, reach_two(i, e, floor), lost);
      while (blocks != 0u) {
        let eight = block_at(i, tile, e, lowest(blocks));
        blocks &= blocks - 1u;
        var hits: u32 = hits_of(eight, floor);
        while (hits != 0u) {
          let entry = candidate(eight, lowest(hits));
          hits &= hits - 1u;
          queue[noted + min(count, ROOM - 1u)] = entry;
          count += select(0u, 1u, (bitcast<f32>(entry.y) > floor) | (pair_hash(me, people[entry.x].id, rule.seed) <= bound));
        }
      }
    }
    lost = count > ROOM || count < strip.length;
    low = select(low, bound, count < strip.length);
    high = select(high, bound, count > ROOM);
    bound = low + (high - low) / 2u;
  }
  let noted_ones = min(count, ROOM);

  var row: Row = Row(start, min(noted_ones, strip.length), 0u, 0u, LOWEST, LOWEST, LOWEST);
  row.flags = select(0u, FULL, noted_ones >= strip.length) | select(0u, FULL | OVERFLOWN, lost);
  for (var k: u32 = 0u; k < noted_ones; k += 8u) {
    // Those beyond the last are copies of it, and not counted.
    let end = vec4u(noted_ones - 1u);
    let first = vec4u(k) + vec4u(0u, 1u, 2u, 3u);
    let a0 = noted + min(first + vec4u(0u), end);
    let a1 = noted + min(first + vec4u(4u), end);
    let w0 = weights_at(a0);
    let w1 = weights_at(a1);
    let d0 = ids_at(a0);
    let d1 = ids_at(a1);
    let h0 = hashes_of(me, d0);
    let h1 = hashes_of(me, d1);
    var r0: vec4u = select(vec4u(strip.length), vec4u(), first + vec4u(0u) <= end);
    var r1: vec4u = select(vec4u(strip.length), vec4u(), first + vec4u(4u) <= end);
    for (var q: u32 = 0u; q < noted_ones; q++) {
      let entry = queue[noted + q];
      let v = bitcast<f32>(entry.y);
      let other = people[entry.x].id;
      let h = sign(pair_hash(me, other, rule.seed));
      r0 += before(v, h, other, w0, h0, d0);
      r1 += before(v, h, other, w1, h1, d1);
    }
    place(start, r0, a0);
    place(start, r1, a1);
    row.top = ranked(row.top, w0, r0, 0u);
    row.top = ranked(row.top, w1, r1, 0u);
    row.first = ranked(row.first, w0, r0, strip.length - 1u);
    row.first = ranked(row.first, w1, r1, strip.length - 1u);
  }
  row.top = select(0.0, row.top, noted_ones > 0u);
  row.second = select(LOWEST, 0.0, noted_ones >= strip.length);
  rows[i] = row;
}
