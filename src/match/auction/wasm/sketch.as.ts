/*
 * The certificates of `sketchProof`, in AssemblyScript, with the numbers of `AuctionState` on lists
 * that are sorted by weight. Weights and prices are i32, in units. Addresses are in bytes.
 */

/** Above every price and below every net value, as a negative number. */
const FAR: i32 = 1 << 30;

let n: i32 = 0;
/** Bytes of one number of everybody. */
let stride: usize = 0;
/** i32[n + 1] and i32[n]: where the lists begin, and their lengths. */
let start: usize = 0;
let count: usize = 0;
/** i32[n] each, as in `AuctionState`. */
let place: usize = 0;
let y: usize = 0;
let price: usize = 0;
let floor: usize = 0;
let ask: usize = 0;
let beyond: usize = 0;
let owner: usize = 0;
let winner: usize = 0;
let wish: usize = 0;
let amount: usize = 0;
let bidders: usize = 0;
let active: usize = 0;
let next: usize = 0;
/** y by the lists alone, where `runAside` keeps it. */
let listed: usize = 0;
/** Entries: weight as it is (f64), in units, and partner as the address of their number. */
let key: usize = 0;
let w: usize = 0;
let col: usize = 0;

/**
 * Where everything lies from `at` on, a multiple of 16: entries, then the arrays of people.
 *
 * @returns where the memory ends.
 */
export function setSketch(at: usize, people: i32, entries: i32): usize {
  n = people;
  stride = (<usize>(n + 1)) << 2;
  key = at;
  w = key + ((<usize>entries) << 3);
  col = w + ((<usize>entries) << 2);
  start = col + ((<usize>entries) << 2);
  count = start + stride;
  place = count + stride;
  y = place + stride;
  price = y + stride;
  floor = price + stride;
  ask = floor + stride;
  beyond = ask + stride;
  owner = beyond + stride;
  winner = owner + stride;
  wish = winner + stride;
  amount = wish + stride;
  bidders = amount + stride;
  active = bidders + stride;
  next = active + stride;
  listed = next + stride;
  return listed + stride;
}

/**
 * Both certificates of lists that are in memory: `listed`, and y by the prices of a bidding.
 *
 * @param units per unit of weight.
 * @param least of all weights, in units.
 */
export function runAside(
  at: usize,
  people: i32,
  entries: i32,
  units: f64,
  least: f64,
  steps: i32,
  epsilon: i32,
  maxRounds: i32,
  most: i32,
): void {
  setSketch(at, people, entries);
  certify(units, least, steps);
  memory.copy(listed, y, stride);
  play(epsilon, maxRounds, most);
  certifyPrices(steps);
}

@inline
function at(array: usize, i: i32): i32 {
  return load<i32>(array + ((<usize>i) << 2));
}

@inline
function put(array: usize, i: i32, value: i32): void {
  store<i32>(array + ((<usize>i) << 2), value);
}

/** Half, rounded up. */
@inline
function half(v: i32): i32 {
  return (v + 1) >> 1;
}

/** Whether a list may miss partners. */
@inline
function full(i: i32): bool {
  const length = at(count, i);
  return at(start, i) + length === at(start, i + 1) && length < n - 1;
}

/** Weights in units; then y by the lists alone. */
function certify(units: f64, least: f64, steps: i32): void {
  for (let i = 0; i < n; i++) {
    const first = at(start, i);
    const end = first + at(count, i);
    for (let e = first; e < end; e++) {
      put(w, e, <i32>max(least, ceil(load<f64>(key + ((<usize>e) << 3)) * units)));
      put(col, e, at(col, e) << 2);
    }
    const top = end > first ? max(0, at(w, first)) : 0;
    put(y, i, half(top));
    put(floor, i, full(i) && end > first ? max(0, half(at(w, end - 1))) : 0);
  }
  lower(steps);
}

/** Makes addresses of the partners of all entries, as `certify` does. */
export function address(entries: i32): void {
  for (let e = 0; e < entries; e++) put(col, e, at(col, e) << 2);
}

/** y by the prices. */
export function certifyPrices(steps: i32): void {
  for (let i = 0; i < n; i++) put(ask, i, max(2 * at(floor, i), 0) - at(price, i));
  askAll(price, start, count, w, col);
  for (let i = 0; i < n; i++) put(y, i, half(at(price, i) + at(ask, i)));
  lower(steps);
}

/**
 * Lowers y by damped Jacobi steps, as `lowerCertificate`. As y falls, `ask` only rises, so y never
 * falls below the first `ask`. Most entries can therefore raise no later `ask` above the first: the
 * later steps read the others alone.
 */
function lower(steps: i32): void {
  // Scratch of the bidding, and the weights as they were.
  const first = bidders;
  const least = active;
  const begin = wish;
  const length = amount;
  const few = key;
  const fewCols = key + ((w - key) >> 1);
  memory.copy(ask, floor, stride);
  askAll(y, start, count, w, col);
  memory.copy(first, ask, stride);
  for (let i = 0; i < n; i++) put(least, i, min(at(y, i), at(ask, i)));
  let to = 0;
  for (let i = 0; i < n; i++) {
    put(begin, i, to);
    const own = at(least, i);
    const asked = at(ask, i);
    const from = at(start, i) << 2;
    const end = from + (at(count, i) << 2);
    for (let e = from; e < end; e += 4) {
      const j = <usize>load<i32>(col + e);
      const weight = load<i32>(w + e);
      put(few, to, weight);
      put(fewCols, to, <i32>j);
      to += <i32>(weight - load<i32>(least + j) > asked) | <i32>(weight - own > load<i32>(ask + j));
    }
    put(length, i, to - at(begin, i));
  }
  halve();
  for (let s = 1; s < steps; s++) {
    memory.copy(ask, first, stride);
    askAll(y, begin, length, few, fewCols);
    halve();
  }
}

function halve(): void {
  for (let i = 0; i < n; i++) {
    const own = at(y, i);
    const asked = at(ask, i);
    put(y, i, asked < own ? half(own + asked) : own);
  }
}

/** Raises `ask` to the largest demand of each row, as `askAll` of `unit-certificate.ts`. */
function askAll(duals: usize, starts: usize, counts: usize, weights: usize, cols: usize): void {
  for (let i = 0; i < n; i++) {
    let largest = at(ask, i);
    const own = at(duals, i);
    const first = at(starts, i) << 2;
    const end = first + (at(counts, i) << 2);
    for (let e = first; e < end; e += 4) {
      const j = <usize>load<i32>(cols + e);
      const weight = load<i32>(weights + e);
      largest = max(largest, weight - load<i32>(duals + j));
      store<i32>(ask + j, max(load<i32>(ask + j), weight - own));
    }
    put(ask, i, max(largest, at(ask, i)));
  }
}

/** Bidding from the prices y, on stale lists too. Nobody bids more than `most`. */
function play(epsilon: i32, maxRounds: i32, most: i32): void {
  memory.copy(price, y, stride);
  memory.fill(owner, 0xff, stride);
  memory.fill(winner, 0xff, stride);
  let low = FAR;
  for (let i = 0; i < n; i++) {
    low = min(low, at(price, i));
    put(active, i, i);
  }
  for (let i = 0; i < n; i++) put(beyond, i, full(i) ? at(w, at(start, i + 1) - 1) - low : -FAR);
  let actives = n;
  for (let round = 0; round < maxRounds && actives > 0; round++) actives = assign(bid(actives, epsilon, most));
}

/** Everyone who is active wishes for an object and bids for it. Returns how many bid. */
function bid(actives: i32, epsilon: i32, most: i32): i32 {
  let bids = 0;
  for (let a = 0; a < actives; a++) {
    const i = at(active, a);
    let best = i << 2;
    let first = -at(price, i);
    let second = -FAR;
    const from = at(start, i) << 2;
    const end = from + (at(count, i) << 2);
    for (let e = from; e < end; e += 4) {
      const j = load<i32>(col + e);
      const v = load<i32>(w + e) - load<i32>(price + j);
      second = max(second, min(first, v));
      best = select(j, best, v > first);
      first = max(first, v);
    }
    const amountOf = load<i32>(price + best) + max(0, first - max(second, at(beyond, i))) + epsilon;
    if (amountOf > most) continue;
    put(wish, i, best);
    put(amount, i, amountOf);
    put(bidders, bids++, i);
  }
  return bids;
}

/** Each object goes to its highest bidder. The others, and former owners, are active next. */
function assign(bids: i32): i32 {
  for (let b = 0; b < bids; b++) {
    const i = at(bidders, b);
    const j = at(wish, i);
    const other = load<i32>(winner + j);
    const mine = at(amount, i);
    if (other >= 0) {
      const theirs = at(amount, other);
      if (mine < theirs || (mine === theirs && at(place, i) > at(place, other))) continue;
    }
    store<i32>(winner + j, i);
  }
  let actives = 0;
  for (let b = 0; b < bids; b++) {
    const i = at(bidders, b);
    const j = at(wish, i);
    if (load<i32>(winner + j) !== i) {
      put(next, actives++, i);
      continue;
    }
    const before = load<i32>(owner + j);
    if (before >= 0) put(next, actives++, before);
    store<i32>(owner + j, i);
    store<i32>(price + j, at(amount, i));
  }
  for (let b = 0; b < bids; b++) store<i32>(winner + at(wish, at(bidders, b)), -1);
  const kept = next;
  next = active;
  active = kept;
  return actives;
}
