// What is known of every row's list of candidates.

// More eligible partners may exist beyond the list, all of them after its last entry.
const FULL: u32 = 1u;
// Entries were lost; the list means nothing until it is built again.
const OVERFLOWN: u32 = 2u;

struct Row {
  start: u32,
  length: u32,
  // First entry that may still be free.
  head: u32,
  flags: u32,
  // Keys of the last entry: what lies beyond a full list is not above them.
  first: f32,
  second: f32,
  // Weight of the first entry.
  top: f32,
}
