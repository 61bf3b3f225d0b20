// What greedy.wgsl reports after its rounds; finish.wgsl starts from it.

struct Tally {
  rounds: u32,
  // Rows still in play if the tail was skipped or stopped at its work limit, else 0.
  playing: u32,
  // Rows that may still find a partner, but not from their lists: dry rows and rows that wait for
  // one.
  left: u32,
  dry: u32,
}
