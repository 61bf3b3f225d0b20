// Certificates: whole y >= 0 with y_i + y_j >= w_ij on every eligible pair, so that sum(y) is at
// least the optimum (weak duality of the matching LP).
//
// Inputs, group 0: 1 rows, 2 lists, 3 objects, 7 beyond. In and out: 4 status, 5 y, 6 needs.
// Invariants: an entry of one list counts for both its ends. Floors cover the pairs in neither
// list: half of the last entry where lists are sorted by weight; (price + beyond) / 2 where they
// are sorted by net value, since w_ij <= p_j + beyond_i and w_ij <= p_i + beyond_j.

// #include "match/auction/state.wgsl"

struct Need {
  // Lower bound of y.
  floor: i32,
  // Largest demand of the row's pairs.
  ask: atomic<i32>,
}

@group(0) @binding(5) var<storage, read_write> y: array<i32>;
@group(0) @binding(6) var<storage, read_write> needs: array<Need>;
// Upper bound of the net value of every partner outside the list.
@group(0) @binding(7) var<storage, read> beyond: array<i32>;

// Finds the heaviest weight, which sets the units.
@compute @workgroup_size(SIZE)
fn measure(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= auction.n) {
    return;
  }
  let row = rows[i];
  if (row.length > 0u) {
    atomicMax(&status.top, bitcast<u32>(max(0.0, bitcast<f32>(lists[row.start].y))));
  }
}

fn open_by_top(i: u32) {
  let row = rows[i];
  let unit = units();
  y[i] = 0;
  if (row.length > 0u) {
    let top = max(0, whole(lists[row.start].y, unit));
    y[i] = half_up(top);
    atomicAdd(&status.sum, u32(top) >> 10u);
  }
  var base: i32 = 0;
  if (goes_on(row)) {
    base = max(0, half_up(whole(lists[row.start + row.length - 1u].y, unit)));
  }
  needs[i].floor = base;
  atomicStore(&needs[i].ask, base);
}

fn open_by_price(i: u32) {
  let row = rows[i];
  let price = objects[i].price;
  var base: i32 = 0;
  if (goes_on(row)) {
    if (auction.renewed != 0u) {
      base = max(0, half_up(price + beyond[i]));
    } else {
      base = max(0, half_up(whole(lists[row.start + row.length - 1u].y, units())));
    }
  }
  needs[i].floor = base;
  atomicStore(&needs[i].ask, 2 * base - price);
  y[i] = price;
}

fn ask_for(i: u32) {
  let row = rows[i];
  let unit = units();
  let mine = y[i];
  var largest: i32 = atomicLoad(&needs[i].ask);
  for (var k: u32 = 0u; k < row.length; k++) {
    let entry = lists[row.start + k];
    let w = whole(entry.y, unit);
    largest = max(largest, w - y[entry.x]);
    if (w - mine > atomicLoad(&needs[entry.x].ask)) {
      atomicMax(&needs[entry.x].ask, w - mine);
    }
  }
  atomicMax(&needs[i].ask, largest);
}

fn settle_price(i: u32) {
  y[i] = half_up(y[i] + atomicLoad(&needs[i].ask));
  atomicStore(&needs[i].ask, needs[i].floor);
}

// Damped Jacobi step: the mean of a value and its demand keeps every pair covered.
fn settle_step(i: u32) {
  y[i] = min(y[i], half_up(y[i] + atomicLoad(&needs[i].ask)));
  atomicStore(&needs[i].ask, needs[i].floor);
}

@compute @workgroup_size(SIZE)
fn by_top(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < auction.n) {
    open_by_top(id.x);
  }
}

@compute @workgroup_size(SIZE)
fn by_price(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < auction.n) {
    open_by_price(id.x);
  }
}

@compute @workgroup_size(SIZE)
fn ask(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < auction.n) {
    ask_for(id.x);
  }
}

@compute @workgroup_size(SIZE)
fn settle_prices(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < auction.n) {
    settle_price(id.x);
  }
}

@compute @workgroup_size(SIZE)
fn settle(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < auction.n) {
    settle_step(id.x);
  }
}

fn steps(me: u32) {
  for (var s: u32 = 0u; s < auction.steps; s++) {
    for (var i: u32 = me; i < auction.n; i += WIDE) {
      ask_for(i);
    }
    storageBarrier();
    for (var i: u32 = me; i < auction.n; i += WIDE) {
      settle_step(i);
    }
    storageBarrier();
  }
}

// A whole certificate in one workgroup, for small pools, where dispatches cost more than the work.
@compute @workgroup_size(WIDE)
fn solo_by_top(@builtin(local_invocation_index) me: u32) {
  for (var i: u32 = me; i < auction.n; i += WIDE) {
    open_by_top(i);
  }
  storageBarrier();
  steps(me);
}

@compute @workgroup_size(WIDE)
fn solo_by_price(@builtin(local_invocation_index) me: u32) {
  for (var i: u32 = me; i < auction.n; i += WIDE) {
    open_by_price(i);
  }
  storageBarrier();
  for (var i: u32 = me; i < auction.n; i += WIDE) {
    ask_for(i);
  }
  storageBarrier();
  for (var i: u32 = me; i < auction.n; i += WIDE) {
    settle_price(i);
  }
  storageBarrier();
  steps(me);
}
