enable subgroups;
// Where a load costs as much as many multiply-adds (a CPU that plays GPU, four lanes wide), each lane loads one row of four and
// hands it to the others.

// The loop's bounds are the same for the whole workgroup; the compiler cannot see that of all of them.
diagnostic(off, subgroup_uniformity);

fn four_rows(at: u32, lane: u32) -> vec4f {
  let mine = scalars[at + lane];
  return vec4f(subgroupBroadcast(mine, 0u), subgroupBroadcast(mine, 1u), subgroupBroadcast(mine, 2u), subgroupBroadcast(mine, 3u));
}

@compute @workgroup_size(SIDE, HIGH)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  score(group, local, lane);
}
