// Eight rows for score-strip.wgsl: every invocation loads them. Neighbours load the same, which hardware answers once.

fn four_rows(at: u32, lane: u32) -> vec4f {
  return vec4f(scalars[at], scalars[at + 1u], scalars[at + 2u], scalars[at + 3u]);
}

@compute @workgroup_size(SIDE, HIGH)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  score(group, local, 0u);
}
