// What is known of one row's candidate list. A list holds (position, weight bits), best first.

// More eligible partners may exist beyond the list, each of them after its last entry.
const FULL: u32 = 1u;
// Candidates were lost. The list means nothing until the row is scored again.
const OVERFLOWN: u32 = 2u;

struct Row {
  // Index of the first entry in `lists`.
  start: u32,
  length: u32,
  // First entry that may still be free.
  head: u32,
  flags: u32,
  // Keys of the last entry: nothing beyond a full list has larger keys.
  first: f32,
  second: f32,
  // Weight of the first entry.
  top: f32,
}
