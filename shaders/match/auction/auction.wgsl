// Jacobi rounds of the epsilon-auction on the doubled graph: every person bids for a partner and is
// bid for (Bertsekas 1988). Staying alone is an object like any other: person i's own object, of
// weight 0. The auction can therefore start from any prices.
//
// Inputs, group 0: 1 rows, 2 lists, 10 y (certificate).
// In and out: 3 objects, 4 status, 5 bidders, 6 bids per round, 7 prices, 8 beyond, 9 play.
// Invariants: prices only rise. `prices` holds the objects' prices in units of weight, exactly.
// A bidder with an object is among the bidders only if a higher bid takes it.

// #include "match/auction/state.wgsl"

const ACTIVE: u32 = 0u;
// Gave up: every bid would exceed the price limit.
const OUT: u32 = 1u;
// A partner beyond the list may now be worth more than the best one in it.
const STALE: u32 = 2u;

struct Bidder {
  // The object it holds: its own for staying alone, NONE for no object yet.
  object: u32,
  // The object it bids for in this round.
  wish: u32,
  bid: i32,
  state: u32,
  // Weights of the pairs with `object` and with `wish`.
  weight: f32,
  wished: f32,
}

@group(0) @binding(5) var<storage, read_write> bidders: array<Bidder>;
@group(0) @binding(6) var<storage, read_write> bids: array<atomic<u32>>;
@group(0) @binding(7) var<storage, read_write> prices: array<f32>;
@group(0) @binding(8) var<storage, read_write> beyond: array<i32>;
// u32[2][n]: bidders without an object, of this round and of the next.
@group(0) @binding(9) var<storage, read_write> play: array<u32>;
@group(0) @binding(10) var<storage, read> y: array<i32>;

// Lower than any net value.
const FAR: i32 = -1073741824;

// Whether an earlier round of the batch had no bidder.
fn over() -> bool {
  return auction.opening == 0u && atomicLoad(&bids[auction.round - 1u]) == 0u;
}

// Prices start at the certificate.
@compute @workgroup_size(SIZE)
fn price_by_dual(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= auction.n) {
    return;
  }
  objects[i].price = y[i];
  atomicMin(&status.low, y[i]);
}

// Prices start at `prices`, rounded up to whole units.
@compute @workgroup_size(SIZE)
fn price_given(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= auction.n) {
    return;
  }
  var price: i32 = 0;
  if (prices[i] > 0.0) {
    price = i32(min(ceil(prices[i] * units()), 4194304.0));
  }
  objects[i].price = price;
  atomicMin(&status.low, price);
}

// Prices stay as the previous phase left them.
@compute @workgroup_size(SIZE)
fn price_kept(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < auction.n) {
    atomicMin(&status.low, objects[id.x].price);
  }
}

// Every bidder starts without an object.
@compute @workgroup_size(SIZE)
fn begin(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= auction.n) {
    return;
  }
  bidders[i] = Bidder(NONE, NONE, 0, ACTIVE, 0.0, 0.0);
  objects[i].owner = NONE;
  atomicStore(&objects[i].offer, 0);
  atomicStore(&objects[i].claim, NONE);
  prices[i] = f32(objects[i].price) / units();
  if (auction.renewed == 0u) {
    let row = rows[i];
    beyond[i] = FAR;
    if (goes_on(row)) {
      beyond[i] = whole(lists[row.start + row.length - 1u].y, units()) - atomicLoad(&status.low);
    }
  }
}

fn epsilon() -> i32 {
  let mean = select(atomicLoad(&status.sum) / auction.n, auction.pair, auction.pair > 0u);
  return max(2, i32((mean * auction.share) >> 6u));
}

// Bids for the best object: its price, plus its advantage over the second best, plus epsilon.
fn make_bid(i: u32, unit: f32) {
  bidders[i].wish = NONE;
  let row = rows[i];
  var first: i32 = -objects[i].price;
  var second: i32 = FAR;
  var entry: vec2u = vec2u(i, 0u);
  for (var k: u32 = 0u; k < row.length; k++) {
    let e = lists[row.start + k];
    let value = whole(e.y, unit) - objects[e.x].price;
    if (value > first) {
      second = first;
      first = value;
      entry = e;
    } else if (value > second) {
      second = value;
    }
  }
  let others = max(FAR, beyond[i]);
  if (auction.loose == 0u && first + 1 < others) {
    bidders[i].state = STALE;
    return;
  }
  let amount = objects[entry.x].price + max(0, first - max(second, others)) + epsilon();
  if (amount > (1i << (BITS + 2u))) {
    bidders[i].state = OUT;
    return;
  }
  bidders[i].wish = entry.x;
  bidders[i].bid = amount;
  bidders[i].wished = bitcast<f32>(entry.y);
  atomicMax(&objects[entry.x].offer, amount);
}

// Among equal bids the lower position wins; positions are shuffled.
fn make_claim(i: u32) {
  let j = bidders[i].wish;
  if (j != NONE && atomicLoad(&objects[j].offer) == bidders[i].bid) {
    atomicMin(&objects[j].claim, i);
  }
}

// Gives the object to the winner. Returns the previous owner or NONE.
fn take(winner: u32, j: u32, unit: f32) -> u32 {
  let loser = objects[j].owner;
  if (loser != NONE) {
    bidders[loser].object = NONE;
  }
  let price = bidders[winner].bid;
  objects[j].owner = winner;
  objects[j].price = price;
  prices[j] = f32(price) / unit;
  bidders[winner].object = j;
  bidders[winner].weight = bidders[winner].wished;
  return loser;
}

@compute @workgroup_size(SIZE)
fn bid(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= auction.n || over()) {
    return;
  }
  bidders[i].wish = NONE;
  if (bidders[i].object == NONE && bidders[i].state == ACTIVE) {
    atomicAdd(&bids[auction.round], 1u);
    make_bid(i, units());
  }
}

@compute @workgroup_size(SIZE)
fn claim(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i < auction.n && !over()) {
    make_claim(i);
  }
}

@compute @workgroup_size(SIZE)
fn settle(@builtin(global_invocation_id) id: vec3u) {
  let j = id.x;
  if (j >= auction.n || over()) {
    return;
  }
  let winner = atomicLoad(&objects[j].claim);
  if (winner == NONE) {
    return;
  }
  _ = take(winner, j, units());
  atomicStore(&objects[j].claim, NONE);
}

var<workgroup> kept: atomic<u32>;

// One workgroup plays rounds until every bidder has an object, gave up or is stale, or until the
// limit of rounds or of work.
@compute @workgroup_size(WIDE)
fn solo(@builtin(local_invocation_index) me: u32) {
  let n = auction.n;
  let unit = units();
  for (var i: u32 = me; i < n; i += WIDE) {
    if (bidders[i].object == NONE && bidders[i].state == ACTIVE) {
      play[atomicAdd(&kept, 1u)] = i;
    }
  }
  storageBarrier();
  var count: u32 = workgroupUniformLoad(&kept);
  var at: u32 = 0u;
  var rounds: u32 = 0u;
  var work: u32 = 0u;
  loop {
    if (count == 0u || rounds == auction.max_count || work > auction.work) {
      break;
    }
    work += 8u * count + ROUND_COST;
    rounds++;
    for (var k: u32 = me; k < count; k += WIDE) {
      make_bid(play[at + k], unit);
    }
    if (me == 0u) {
      atomicStore(&kept, 0u);
    }
    storageBarrier();
    workgroupBarrier();
    for (var k: u32 = me; k < count; k += WIDE) {
      make_claim(play[at + k]);
    }
    storageBarrier();
    workgroupBarrier();
    let to = n - at;
    for (var k: u32 = me; k < count; k += WIDE) {
      let i = play[at + k];
      let j = bidders[i].wish;
      if (j == NONE) {
        continue;
      }
      if (atomicLoad(&objects[j].claim) == i) {
        let loser = take(i, j, unit);
        if (loser != NONE) {
          play[to + atomicAdd(&kept, 1u)] = loser;
        }
      } else {
        play[to + atomicAdd(&kept, 1u)] = i;
      }
    }
    storageBarrier();
    workgroupBarrier();
    for (var k: u32 = me; k < count; k += WIDE) {
      let j = bidders[play[at + k]].wish;
      if (j != NONE) {
        atomicStore(&objects[j].claim, NONE);
      }
    }
    storageBarrier();
    count = workgroupUniformLoad(&kept);
    at = to;
  }
  if (me == 0u) {
    status.rounds = rounds;
    status.waiting = count;
  }
}

// Rows with a new list bid again: the first `max_count` of `play`.
@compute @workgroup_size(SIZE)
fn refresh(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= auction.max_count) {
    return;
  }
  let i = play[id.x];
  bidders[i].state = ACTIVE;
  beyond[i] = FAR;
  if (goes_on(rows[i])) {
    // A quarter of a unit covers the rounding of net values to f32.
    beyond[i] = i32(ceil(rows[i].first * units() + 0.25));
  }
}
