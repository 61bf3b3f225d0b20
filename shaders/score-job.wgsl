// One dispatch of the scoring passes: which rows against which columns, and where the lists go. Needs pool.wgsl.

struct Job {
  rows: u32,
  columns: u32,
  // Offsets into `index` (positions of people).
  rows_at: u32,
  columns_at: u32,
  // First tile of columns, or first distance between tiles where half of the square is scored.
  first: u32,
  // 1: rows and columns are the same people, each pair is scored once and offered to both ends.
  half: u32,
  tiles: u32,
  // First tile of rows of this dispatch; where rows are not tiled, the first row and the one after the last.
  row_tile: u32,
  row_first: u32,
  row_end: u32,
  // Entries of a row's queue and of its list.
  capacity: u32,
  length: u32,
  // Entry where the list of person 0 would begin; that of person i begins i * length later.
  lists_at: u32,
}

@group(0) @binding(4) var<uniform> job: Job;
