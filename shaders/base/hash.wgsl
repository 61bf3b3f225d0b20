// Counter-based random bits: pcg4d (Jarzynski and Olano, JCGT 9(3), 2020).
// Invariant: bit for bit the same as src/base/hash.ts.

fn hash4(seed: u32, a: u32, b: u32, c: u32) -> u32 {
  var v: vec4u = vec4u(seed, a, b, c) * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  return v.z;
}

// Symmetric hash of two ids. Among pairs of equal weight the smaller hash goes first.
fn pair_hash(id_a: u32, id_b: u32, seed: u32) -> u32 {
  return hash4(seed, min(id_a, id_b), max(id_a, id_b), 0x9e3779b9u);
}
