// Finishes greedy for the last rows whose lists ran dry: computes all weights among them, sorts the
// rows, then one workgroup plays rounds of locally dominant pairs to the end.
// Does nothing if no list ran dry or more than MAX_LEFT rows are left.
//
// Inputs, group 0: 0-3 pool.wgsl, 4 play, 5 tally.
// In and out: 7 mates, 8 weights.
// Outputs: 9 outcome. Scratch: 6 table, 10 ranked, 11 places.
// Invariant: weights are computed in the form of score-topk.wgsl, so that the bits are the same.

// #include "score/weigh.wgsl"
// #include "match/greedy/tally.wgsl"

struct Outcome {
  // 1: every row is decided.
  done: u32,
  rounds: u32,
}

// Maximum number of rows, and width of the tables.
const MAX_LEFT: u32 = 256u;
override SIZE: u32 = 8u;
override WIDE: u32 = 256u;

@group(0) @binding(4) var<storage, read> play: array<u32>;
@group(0) @binding(5) var<storage, read> tally: Tally;
@group(0) @binding(6) var<storage, read_write> table: array<f32>;
@group(0) @binding(7) var<storage, read_write> mates: array<u32>;
@group(0) @binding(8) var<storage, read_write> weights: array<f32>;
@group(0) @binding(9) var<storage, read_write> outcome: Outcome;
// Sorted rows of the table: index of a row among those left (NONE: end of the row), and weight
// bits.
@group(0) @binding(10) var<storage, read_write> ranked: array<vec2u>;
// Sort key of each entry: ordered keys, hash, id of the partner.
@group(0) @binding(11) var<storage, read_write> places: array<vec4u>;

// The rows left are the third part of `play`.
fn left_row(a: u32) -> u32 {
  return play[2u * rule.n + a];
}

fn wanted() -> bool {
  return tally.done == 0u && tally.dry > 0u && tally.playing == 0u && tally.left <= MAX_LEFT;
}

// Weights of one row with four columns.
@compute @workgroup_size(SIZE, SIZE)
fn weigh_left(@builtin(global_invocation_id) id: vec3u) {
  let left = tally.left;
  let r = id.x;
  let c = 4u * id.y;
  if (!wanted() || r >= left || c >= left) {
    return;
  }
  let i = left_row(r);
  let who = vec4u(left_row(c), left_row(min(c + 1u, left - 1u)), left_row(min(c + 2u, left - 1u)), left_row(min(c + 3u, left - 1u)));
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
  let have = vec4u(people[who.x].have, people[who.y].have, people[who.z].have, people[who.w].have);
  var w: vec4f = weigh(a, b, bonus, vec4u(me.have), have, i, who);
  for (var lane: u32 = 0u; lane < 4u; lane++) {
    if (c + lane >= left) {
      break;
    }
    let j = who[lane];
    let you = people[j];
    var own: f32 = w[lane];
    if (rule.transform == HASH) {
      own = weigh_hash(vec4f(hash_weight(me.id, you.id)), vec4f(me.bonus + you.bonus), i, vec4u(j)).x;
    }
    if (i == j || !admits(me, you) || !(own > rule.threshold) || met_lately(i, j)) {
      own = LOWEST;
    }
    table[r * MAX_LEFT + c + lane] = own;
    let key = keys(i, j, own);
    // Pairs that are not eligible come last.
    places[r * MAX_LEFT + c + lane] = select(vec4u(ordered(key.x), ordered(key.y), tie(i, j), you.id), vec4u(), own == LOWEST);
  }
}

// 1 if `other` goes before `own` in the order of pairs. Entries that are not eligible are all
// equal; among them the earlier goes first.
fn goes_before(other: vec4u, own: vec4u, earlier: bool) -> u32 {
  let more = other > own;
  let same = other == own;
  return select(0u, 1u, more.x | (same.x & (more.y | (same.y & ((other.z < own.z) | (same.z & ((other.w < own.w) | (same.w & earlier))))))));
}

// Sorts the rows of the table by counting for each entry those that go before it. One invocation
// ranks four entries, so that each comparison partner is loaded once for all four.
@compute @workgroup_size(SIZE, SIZE)
fn sort_left(@builtin(global_invocation_id) id: vec3u) {
  let left = tally.left;
  let r = id.x;
  let c = 4u * id.y;
  if (!wanted() || r >= left || c >= left) {
    return;
  }
  let row = r * MAX_LEFT;
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

var<workgroup> gone: array<u32, MAX_LEFT>;
var<workgroup> choice: array<u32, MAX_LEFT>;
var<workgroup> head: array<u32, MAX_LEFT>;
// Rows in play, of this round and of the next.
var<workgroup> rows: array<u32, 2u * MAX_LEFT>;
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
        let b = ranked[a * MAX_LEFT + h].x;
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
        // No free partner is left, and none will become free.
        continue;
      }
      if (choice[b] != a) {
        rows[MAX_LEFT - at + atomicAdd(&kept, 1u)] = a;
      } else if (a < b) {
        let i = left_row(a);
        let j = left_row(b);
        let w = bitcast<f32>(ranked[a * MAX_LEFT + head[a]].y);
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
    at = MAX_LEFT - at;
    if (workgroupUniformLoad(&made) == 0u) {
      break;
    }
    rounds++;
  }
  if (me == 0u) {
    outcome = Outcome(1u, rounds);
  }
}
