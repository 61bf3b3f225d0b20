enable subgroups;
// Where a pipeline of score-held.wgsl holds vectors of up to 32 components in all, those of both sides counted.

// The loops' bounds are the same for the whole subgroup; the compiler cannot see that of all of them.
diagnostic(off, subgroup_uniformity);

// f32 values that one lane holds: of 16 columns.
const HELD: u32 = 512u;
