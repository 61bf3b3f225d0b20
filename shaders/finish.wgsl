// The last few hundred of greedy: all weights among them in a table, its rows sorted, then one workgroup plays the rounds of locally dominant
// pairs to their end. Does nothing where no list ran dry, or too many are left. Needs hash.wgsl, pool.wgsl, weigh.wgsl.

struct Tally {
  rounds: u32,
  playing: u32,
  left: u32,
  dry: u32,
}

struct Outcome {
  // 1: done, everything is decided.
  done: u32,
  rounds: u32,
}

// Width of the table, and people at most.
const MOST: u32 = 256u;
override LIMIT: u32 = 256u;
override SIZE: u32 = 8u;
override WIDE: u32 = 64u;

@group(0) @binding(4) var<storage, read> play: array<u32>;
@group(0) @binding(5) var<storage, read> tally: Tally;
@group(0) @binding(6) var<storage, read_write> table: array<f32>;
@group(0) @binding(7) var<storage, read_write> mates: array<u32>;
@group(0) @binding(8) var<storage, read_write> weights: array<f32>;
@group(0) @binding(9) var<storage, read_write> outcome: Outcome;
// Rows of the table in order: person's place among those left (NONE: no more) and weight.
@group(0) @binding(10) var<storage, read_write> ranked: array<vec2u>;
// Place of each entry in the order of pairs: keys, hash, id.
@group(0) @binding(11) var<storage, read_write> places: array<vec4u>;

fn wanted() -> bool {
  return tally.dry > 0u && tally.playing == 0u && tally.left <= LIMIT;
}

// Floats as integers of the same order, above 0.
fn ordered(w: f32) -> u32 {
  // Both zeros are the same number.
  let bits = select(bitcast<u32>(w), 0u, w == 0.0);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

// One row against four columns, in the form of the scoring pass, so that the bits are the same.
@compute @workgroup_size(SIZE, SIZE)
fn weigh_left(@builtin(global_invocation_id) id: vec3u) {
  let left = tally.left;
  let r = id.x;
  let c = 4u * id.y;
  if (!wanted() || r >= left || c >= left) {
    return;
  }
  let i = play[r];
  let who = vec4u(play[c], play[min(c + 1u, left - 1u)], play[min(c + 2u, left - 1u)], play[min(c + 3u, left - 1u)]);
  let me = people[i];
  var a: vec4f = vec4f();
  for (var k: u32 = 0u; k < rule.planes; k++) {
    let u = k * rule.stride;
    let p = u + rule.peer;
    a += vectors[u + i] * mat4x4f(vectors[p + who.x], vectors[p + who.y], vectors[p + who.z], vectors[p + who.w]);
  }
  var b: vec4f = a;
  if (rule.peer != 0u) {
    b = vec4f();
    for (var k: u32 = 0u; k < rule.planes; k++) {
      let u = k * rule.stride;
      let p = u + rule.peer;
      b += vectors[p + i] * mat4x4f(vectors[u + who.x], vectors[u + who.y], vectors[u + who.z], vectors[u + who.w]);
    }
  }
  let bonus = vec4f(me.bonus) + vec4f(people[who.x].bonus, people[who.y].bonus, people[who.z].bonus, people[who.w].bonus);
  var w: vec4f = weigh(a, b, bonus);
  for (var lane: u32 = 0u; lane < 4u; lane++) {
    if (c + lane >= left) {
      break;
    }
    let j = who[lane];
    let you = people[j];
    var own: f32 = w[lane];
    if (rule.transform == HASH) {
      own = hash_weight(me.id, you.id) + (me.bonus + you.bonus);
    }
    let apart = ((me.avoid & you.have) | (you.avoid & me.have)) != 0u || (me.speaks & you.speaks) == 0u;
    if (i == j || apart || !(own > rule.threshold) || met_lately(i, j)) {
      own = LOWEST;
    }
    table[r * MOST + c + lane] = own;
    let key = keys(i, j, own);
    // Those who may not meet come last.
    places[r * MOST + c + lane] = select(vec4u(ordered(key.x), ordered(key.y), tie(i, j), you.id), vec4u(), own == LOWEST);
  }
}

// Does `other` go before `own`, both places in the order of pairs? Of equals, those that may not meet, the earlier does. No branches: some
// drivers walk through all of them.
fn goes_before(other: vec4u, own: vec4u, earlier: bool) -> u32 {
  let more = other > own;
  let same = other == own;
  return select(0u, 1u, more.x | (same.x & (more.y | (same.y & ((other.z < own.z) | (same.z & ((other.w < own.w) | (same.w & earlier))))))));
}

// Sorts the rows of the table, each entry by counting those that go before it: largest keys first, then smallest hash, then smallest id,
// which in one row is the order of pairs. Four entries per invocation: what they are compared with is loaded once.
@compute @workgroup_size(SIZE, SIZE)
fn sort_left(@builtin(global_invocation_id) id: vec3u) {
  let left = tally.left;
  let r = id.x;
  let c = 4u * id.y;
  if (!wanted() || r >= left || c >= left) {
    return;
  }
  let row = r * MOST;
  let last = left - 1u;
  let own0 = places[row + c];
  let own1 = places[row + min(c + 1u, last)];
  let own2 = places[row + min(c + 2u, last)];
  let own3 = places[row + min(c + 3u, last)];
  var before: vec4u = vec4u();
  for (var b: u32 = 0u; b < left; b++) {
    let other = places[row + b];
    before += vec4u(goes_before(other, own0, b < c), goes_before(other, own1, b < c + 1u), goes_before(other, own2, b < c + 2u), goes_before(other, own3, b < c + 3u));
  }
  rank(row, c, before.x, own0);
  if (c + 1u < left) {
    rank(row, c + 1u, before.y, own1);
  }
  if (c + 2u < left) {
    rank(row, c + 2u, before.z, own2);
  }
  if (c + 3u < left) {
    rank(row, c + 3u, before.w, own3);
  }
}

fn rank(row: u32, c: u32, place: u32, own: vec4u) {
  ranked[row + place] = vec2u(select(c, NONE, own.x == 0u), bitcast<u32>(table[row + c]));
}

var<workgroup> gone: array<u32, MOST>;
var<workgroup> choice: array<u32, MOST>;
var<workgroup> head: array<u32, MOST>;
// Rows in play: this round's and the next one's.
var<workgroup> rows: array<u32, 2u * MOST>;
var<workgroup> kept: atomic<u32>;
var<workgroup> made: atomic<u32>;

@compute @workgroup_size(WIDE)
fn finish(@builtin(local_invocation_index) me: u32) {
  let left = tally.left;
  if (!wanted()) {
    return;
  }
  for (var a: u32 = me; a < left; a += WIDE) {
    gone[a] = 0u;
    head[a] = 0u;
    rows[a] = a;
  }
  workgroupBarrier();
  var count: u32 = left;
  var at: u32 = 0u;
  var rounds: u32 = 0u;
  loop {
    for (var k: u32 = me; k < count; k += WIDE) {
      let a = rows[at + k];
      var h: u32 = head[a];
      var found: u32 = NONE;
      while (h < left) {
        let b = ranked[a * MOST + h].x;
        if (b == NONE) {
          break;
        }
        if (gone[b] == 0u) {
          found = b;
          break;
        }
        h++;
      }
      head[a] = h;
      choice[a] = found;
    }
    if (me == 0u) {
      atomicStore(&kept, 0u);
      atomicStore(&made, 0u);
    }
    workgroupBarrier();
    for (var k: u32 = me; k < count; k += WIDE) {
      let a = rows[at + k];
      let b = choice[a];
      if (b == NONE) {
        // Nobody is left for me, and people only go.
        continue;
      }
      if (choice[b] != a) {
        rows[MOST - at + atomicAdd(&kept, 1u)] = a;
      } else if (a < b) {
        let i = play[a];
        let j = play[b];
        let w = bitcast<f32>(ranked[a * MOST + head[a]].y);
        mates[i] = j;
        mates[j] = i;
        weights[i] = w;
        weights[j] = w;
        gone[a] = 1u;
        gone[b] = 1u;
        atomicAdd(&made, 1u);
      }
    }
    count = workgroupUniformLoad(&kept);
    at = MOST - at;
    if (workgroupUniformLoad(&made) == 0u) {
      break;
    }
    rounds++;
  }
  if (me == 0u) {
    outcome = Outcome(1u, rounds);
  }
}
