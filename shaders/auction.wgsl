// Epsilon-auction on the doubled graph: everyone bids for a partner and is bid for (Bertsekas 1988; Jacobi bidding). Prices and values are
// whole numbers of a unit that divides the heaviest weight about 2^22 times, so that every bid raises a price. Needs rows.wgsl.

const NONE: u32 = 0xffffffffu;
const ACTIVE: u32 = 0u;
// No partner is worth his price: stays alone. Prices only rise, so this is final.
const OUT: u32 = 1u;
// Someone beyond the list might now be better than the best in it.
const STALE: u32 = 2u;

struct Market {
  n: u32,
  epsilon: i32,
  // Units per unit of weight, a power of two.
  units: f32,
  // Slot of `bids` of this round; 1 where the round cannot look back.
  round: u32,
  opening: u32,
}

struct Bidder {
  // Whom he holds, or NONE.
  object: u32,
  wish: u32,
  bid: u32,
  state: u32,
  weight: f32,
  // Of the wish.
  wished: f32,
}

struct Object {
  price: u32,
  owner: u32,
  offer: atomic<u32>,
  claim: atomic<u32>,
}

@group(0) @binding(0) var<uniform> market: Market;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> lists: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> bidders: array<Bidder>;
@group(0) @binding(4) var<storage, read_write> objects: array<Object>;
@group(0) @binding(5) var<storage, read_write> bids: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> prices: array<f32>;

override SIZE: u32 = 64u;

fn over() -> bool {
  return market.opening == 0u && atomicLoad(&bids[market.round - 1u]) == 0u;
}

// `prices` holds the prices to start from.
@compute @workgroup_size(SIZE)
fn begin(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= market.n) {
    return;
  }
  bidders[i] = Bidder(NONE, NONE, 0u, ACTIVE, 0.0, 0.0);
  let price = u32(clamp(round(prices[i] * market.units), 0.0, 4194304.0));
  objects[i].price = price;
  prices[i] = f32(price) / market.units;
  objects[i].owner = NONE;
  atomicStore(&objects[i].offer, 0u);
  atomicStore(&objects[i].claim, NONE);
}

// Every free bidder names his best object and outbids its price by what it is worth to him above the second best, plus epsilon.
@compute @workgroup_size(SIZE)
fn bid(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= market.n || over()) {
    return;
  }
  bidders[i].wish = NONE;
  if (bidders[i].object != NONE || bidders[i].state != ACTIVE) {
    return;
  }
  let row = rows[i];
  var first: i32 = -2147483647;
  var second: i32 = -2147483647;
  var entry: vec2u = vec2u(NONE, 0u);
  for (var k: u32 = 0u; k < row.length; k++) {
    let e = lists[row.start + k];
    let value = i32(round(bitcast<f32>(e.y) * market.units)) - i32(objects[e.x].price);
    if (value > first) {
      second = first;
      first = value;
      entry = e;
    } else if (value > second) {
      second = value;
    }
  }
  // What lies beyond the list was worth no more than its last entry, and prices only rise. Three quarters of a unit cover the roundings of
  // weight and key; then the best of a fresh list is at most one unit short, which epsilon >= 2 makes up for.
  var beyond: i32 = 0;
  if ((row.flags & FULL) != 0u) {
    beyond = max(0, i32(floor(row.first * market.units + 0.75)));
    if (first + 1 < beyond) {
      bidders[i].state = STALE;
      return;
    }
  }
  if (first <= 0) {
    bidders[i].state = OUT;
    return;
  }
  let j = entry.x;
  let amount = objects[j].price + u32(first - max(second, beyond) + market.epsilon);
  bidders[i].wish = j;
  bidders[i].bid = amount;
  bidders[i].wished = bitcast<f32>(entry.y);
  atomicMax(&objects[j].offer, amount);
  atomicAdd(&bids[market.round], 1u);
}

// Among equal bids the lower place wins; places are shuffled.
@compute @workgroup_size(SIZE)
fn claim(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= market.n || over()) {
    return;
  }
  let j = bidders[i].wish;
  if (j != NONE && atomicLoad(&objects[j].offer) == bidders[i].bid) {
    atomicMin(&objects[j].claim, i);
  }
}

@compute @workgroup_size(SIZE)
fn settle(@builtin(global_invocation_id) id: vec3u) {
  let j = id.x;
  if (j >= market.n || over()) {
    return;
  }
  let winner = atomicLoad(&objects[j].claim);
  if (winner == NONE) {
    return;
  }
  let loser = objects[j].owner;
  if (loser != NONE) {
    bidders[loser].object = NONE;
  }
  objects[j].owner = winner;
  objects[j].price = atomicLoad(&objects[j].offer);
  prices[j] = f32(objects[j].price) / market.units;
  bidders[winner].object = j;
  bidders[winner].weight = bidders[winner].wished;
  atomicStore(&objects[j].offer, 0u);
  atomicStore(&objects[j].claim, NONE);
}

// Rows with a new list may bid again.
@compute @workgroup_size(SIZE)
fn refresh(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= market.n) {
    return;
  }
  if (bidders[i].state == STALE) {
    bidders[i].state = ACTIVE;
  }
}
