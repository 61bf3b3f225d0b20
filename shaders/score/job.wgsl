// One dispatch of the scoring passes: which rows meet which columns, and where the lists go.
// Included by score-topk.wgsl and merge-topk.wgsl.

// #include "score/pool.wgsl"

struct Job {
  // Offsets into `index`, which holds positions of people.
  rows_at: u32,
  columns_at: u32,
  // First tile of columns; in half mode the first distance between tiles.
  first: u32,
  // 1: rows and columns are the same people. Each pair is scored once and offered to both ends.
  half: u32,
  tiles: u32,
  // First tile of rows of this dispatch (score-topk).
  row_tile: u32,
  // First row of this dispatch and the end of its rows (merge-topk).
  row_first: u32,
  row_end: u32,
  // Entries of a row's queue and of its list.
  capacity: u32,
  length: u32,
  // The list of person i begins at entry lists_at + i * length.
  lists_at: u32,
}

// How many rows and columns there are. The host knows it, or refill.wgsl decides it; then a job has
// more dispatches than it may need.
struct Extent {
  rows: u32,
  columns: u32,
}

@group(0) @binding(4) var<uniform> job: Job;
@group(0) @binding(12) var<uniform> extent: Extent;
