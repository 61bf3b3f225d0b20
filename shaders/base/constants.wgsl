// Marker values shared by all shaders. The host names them NONE and LOWEST, too.

// No person, no partner, no entry.
const NONE: u32 = 0xffffffffu;
// Lowest finite f32: the weight of a pair that is not eligible. WGSL has no infinities.
const LOWEST: f32 = -3.4028234e38;
// A round costs a workgroup that works alone about as much as so many visits of rows, because it
// waits for all its invocations.
const ROUND_COST: u32 = 4096u;
