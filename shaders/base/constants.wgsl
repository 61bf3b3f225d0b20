// Marker values shared by all shaders. The host names them NONE and LOWEST, too.

// No person, no partner, no entry.
const NONE: u32 = 0xffffffffu;
// Lowest finite f32: the weight of a pair that is not eligible. WGSL has no infinities.
const LOWEST: f32 = -3.4028234e38;
