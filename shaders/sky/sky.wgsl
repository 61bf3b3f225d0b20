// The pool as a night sky: one dot with a halo per person, one arc per new pair.
//
// Inputs, group 0: 0 view, 1 points or arcs. A dot is one triangle around the circle of its halo.
// All arcs are one strip, whose pieces are joined by triangles without area.
// Invariant: motion is computed from times, so that buffers change once per tick, not per frame.

struct View {
  // Centre of the disc and its half axes in device pixels.
  centre: vec2f,
  reach: vec2f,
  // Size of the canvas in device pixels.
  size: vec2f,
  // Seconds since the scene's epoch.
  now: f32,
  // Smallest radius of a dot in device pixels.
  dot: f32,
  // Device pixels per CSS pixel.
  scale: f32,
  dark: f32,
  // 1: nothing moves (prefers-reduced-motion).
  still: f32,
  arrive: f32,
  drift: f32,
  meet: f32,
  settle: f32,
  held: f32,
  part: f32,
  leave: f32,
  outwards: f32,
  // Reach of the halo of a shining dot and of a waiting one, in radii.
  halo: f32,
  rest: f32,
  // Strength of the arcs.
  arcs: f32,
  // rgb: colour; w: shape.
  colours: array<vec4f, 16>,
}

@group(0) @binding(0) var<uniform> view: View;

const WAITING = 0.0;
const MATCHED = 1.0;
const LEAVING = 2.0;

fn ease(t: f32) -> f32 {
  return smoothstep(0.0, 1.0, t);
}

fn toClip(pixel: vec2f) -> vec4f {
  return vec4f(pixel.x / view.size.x * 2.0 - 1.0, 1.0 - pixel.y / view.size.y * 2.0, 0.0, 1.0);
}

fn toPixel(disc: vec2f) -> vec2f {
  return view.centre + vec2f(disc.x, -disc.y) * view.reach;
}

// ---- points ------------------------------------------------------------------------------------

struct Point {
  path: vec4f, // from x, y, to x, y
  times: vec4f, // moved, born, state, since
  look: vec4f, // colour, waited, when a pair parted, padding
}

@group(0) @binding(1) var<storage, read> points: array<Point>;

struct Dot {
  @builtin(position) position: vec4f,
  @location(0) offset: vec2f, // device pixels from the middle
  @location(1) @interpolate(flat) paint: vec4f, // rgb, visibility
  @location(2) @interpolate(flat) form: vec3f, // radius, shape, shine
  @location(3) @interpolate(flat) edges: vec4f, // see EDGES
  @location(4) @interpolate(flat) limits: vec2f,
}

fn place(p: Point) -> vec2f {
  var t = ease((view.now - p.times.x) / view.drift);
  if (view.still > 0.5) {
    t = 1.0;
  }
  var at = mix(p.path.xy, p.path.zw, t);
  if (view.still < 0.5 && p.times.z == LEAVING) {
    at += at / max(0.05, length(at)) * view.outwards * ease((view.now - p.times.w) / view.leave);
  }
  return at;
}

// Brightness of a pair, `since` seconds after the pairing and `parted` seconds after the next tick.
fn pairLight(since: f32, parted: f32) -> f32 {
  let calm = 1.0 - (1.0 - view.held) * ease((since - view.meet) / view.settle);
  return calm * (1.0 - ease(parted / view.part));
}

fn visibility(state: f32, age: f32, since: f32, parted: f32) -> f32 {
  if (view.still > 0.5) {
    return select(1.0, 0.0, state == LEAVING);
  }
  let shown = ease(age / (0.5 * view.arrive));
  if (state == MATCHED) {
    return shown * pairLight(since, parted);
  }
  if (state == LEAVING) {
    return shown * (1.0 - ease(since / view.leave));
  }
  return shown;
}

fn shine(state: f32, age: f32, since: f32) -> f32 {
  if (view.still > 0.5) {
    return 0.0;
  }
  let arrival = 1.0 - ease(age / view.arrive);
  if (state != MATCHED) {
    return arrival;
  }
  return max(arrival, ease(since / view.meet) * (1.0 - ease((since - view.meet) / view.settle)));
}

fn haloReach(glow: f32) -> f32 {
  return mix(view.rest, view.halo * 1.4, min(1.0, 2.0 * glow));
}

@vertex
fn pointVertex(@builtin(vertex_index) vertex: u32) -> Dot {
  let p = points[vertex / 3u];
  let age = view.now - p.times.y;
  let since = view.now - p.times.w;
  let visible = visibility(p.times.z, age, since, view.now - p.look.z);
  let glow = shine(p.times.z, age, since);
  let radius = view.dot * (0.8 + 0.9 * p.look.y + 0.4 * glow);
  let paint = view.colours[u32(p.look.x) & 15u];
  // Covers the halo in the dark theme and the anti-aliased rim in the light theme.
  let reach = radius * select(1.8, haloReach(glow), view.dark > 0.5) + 1.5;
  var corners = CORNERS;
  let offset = corners[vertex % 3u] * reach;
  var out: Dot;
  out.position = toClip(toPixel(place(p)) + offset);
  if (visible <= 0.004) {
    out.position = vec4f(2.0, 2.0, 0.0, 1.0);
  }
  out.offset = offset;
  out.paint = vec4f(paint.rgb, visible);
  out.form = vec3f(radius, paint.w, glow);
  var edges = EDGES;
  var limits = LIMITS;
  out.edges = edges[u32(paint.w) & 7u];
  out.limits = limits[u32(paint.w) & 7u] * radius;
  return out;
}

// The triangle whose inscribed circle has radius 1.
const CORNERS = array<vec2f, 3>(vec2f(0.0, 2.0), vec2f(-1.7320508, -1.0), vec2f(1.7320508, -1.0));

// Every shape as max(dot(edges.xy, q) - limits.x, dot(edges.zw, q) - limits.y), with the area of a
// disc of radius 1. q is (max, min) of |x|, |y|, or (|x|, y) for triangles. One expression for all
// shapes avoids divergent branches. Order as `segmentShapes` in app/sky/palette.ts; 0 is the disc,
// 7 the ring.
const EDGES = array<vec4f, 8>(
  vec4f(0.0),
  vec4f(0.0, 1.0, 0.8660254, -0.5), // triangle
  vec4f(1.0, 0.0, 1.0, 0.0), // square
  vec4f(0.7071068, 0.7071068, 0.7071068, 0.7071068), // diamond
  vec4f(1.0, 0.0, 0.0, 1.0), // cross
  vec4f(0.0, -1.0, 0.8660254, 0.5), // inverted triangle
  vec4f(0.3162278, 0.9486833, 0.3162278, 0.9486833), // star
  vec4f(0.0),
);
const LIMITS = array<vec2f, 8>(
  vec2f(0.0),
  vec2f(0.7775, 0.7775),
  vec2f(0.8862, 0.8862),
  vec2f(0.8862, 0.8862),
  vec2f(1.25, 0.42),
  vec2f(0.7775, 0.7775),
  vec2f(0.5749, 0.5749),
  vec2f(0.0),
);

// Signed distance to a shape in device pixels.
fn shapeDistance(dot: Dot, fromMiddle: f32) -> f32 {
  let r = dot.form.x;
  let shape = dot.form.y;
  let a = abs(dot.offset);
  let triangle = shape == 1.0 || shape == 5.0;
  let q = select(vec2f(max(a.x, a.y), min(a.x, a.y)), vec2f(a.x, dot.offset.y), triangle);
  let edged = max(dot2(dot.edges.xy, q) - dot.limits.x, dot2(dot.edges.zw, q) - dot.limits.y);
  let disc = fromMiddle - r;
  return select(edged, select(disc, abs(disc) - 0.32 * r, shape == 7.0), shape == 0.0 || shape == 7.0);
}

fn dot2(a: vec2f, b: vec2f) -> f32 {
  return a.x * b.x + a.y * b.y;
}

@fragment
fn pointFragment(dot: Dot) -> @location(0) vec4f {
  let r = dot.form.x;
  let distance = length(dot.offset);
  let core = clamp(0.5 - shapeDistance(dot, distance), 0.0, 1.0);
  var alpha = core;
  var rgb = dot.paint.rgb;
  if (view.dark > 0.5) {
    let reach = r * haloReach(dot.form.z);
    let fall = clamp(1.0 - distance / reach, 0.0, 1.0);
    let halo = fall * fall * fall * (0.30 + 0.5 * dot.form.z);
    // The core of a shining dot turns white.
    rgb = mix(rgb, vec3f(1.0), core * (0.12 + 0.45 * dot.form.z));
    alpha = max(core * 0.96, halo);
  } else {
    alpha = core * 0.9;
  }
  alpha *= dot.paint.w;
  return vec4f(rgb * alpha, alpha);
}

// ---- arcs --------------------------------------------------------------------------------------

struct Arc {
  ends: vec4f, // a x, y, b x, y
  look: vec4f, // start, colour a + 16 colour b, bend, when the pair parted
}

@group(0) @binding(1) var<storage, read> arcs: array<Arc>;

struct Ribbon {
  @builtin(position) position: vec4f,
  @location(0) along: vec2f, // 0 to 1 from a to b; device pixels across
  @location(1) @interpolate(flat) light: vec4f, // travelled (0 to .5), strength, half width, length
  @location(2) colour: vec4f, // rgb, strength of the moving lights
}

override SEGMENTS: u32 = 20u;

@vertex
fn arcVertex(@builtin(vertex_index) vertex: u32) -> Ribbon {
  let count = 2u * SEGMENTS + 4u;
  let arc = arcs[vertex / count];
  let step = clamp(vertex % count, 1u, count - 2u) - 1u;
  let since = view.now - arc.look.x;
  var travelled = 0.5 * ease(since / view.meet);
  var strength = pairLight(since, view.now - arc.look.w);
  // The lights fade after they meet.
  var heads = 1.0 - ease((since - view.meet) / view.settle);
  if (view.still > 0.5) {
    travelled = 0.5;
    strength = 0.75;
    heads = 0.0;
  }
  let u = f32(step >> 1u) / f32(SEGMENTS);
  let side = f32(step & 1u) * 2.0 - 1.0;
  let a = toPixel(arc.ends.xy);
  let b = toPixel(arc.ends.zw);
  let chord = b - a;
  let control = 0.5 * (a + b) + vec2f(-chord.y, chord.x) * arc.look.z;
  let middle = mix(mix(a, control, u), mix(control, b, u), u);
  let tangent = mix(control - a, b - control, u);
  let normal = vec2f(-tangent.y, tangent.x) / max(1e-4, length(tangent));
  let half = view.scale * select(0.55, 0.6, view.dark > 0.5);
  // Room for the glow of the lights.
  let reach = half + view.scale * select(1.0, 3.0, view.dark > 0.5);
  strength *= view.arcs;
  var out: Ribbon;
  out.position = toClip(middle + normal * side * reach);
  if (strength <= 0.004) {
    out.position = vec4f(2.0, 2.0, 0.0, 1.0);
  }
  out.along = vec2f(u, side * reach);
  out.light = vec4f(travelled, strength, half, length(chord));
  let colours = u32(arc.look.y);
  out.colour = vec4f(mix(view.colours[colours & 15u].rgb, view.colours[colours >> 4u].rgb, u), heads);
  return out;
}

@fragment
fn arcFragment(arc: Ribbon) -> @location(0) vec4f {
  let travelled = arc.light.x;
  // Distance from the nearer end, then pixels behind the light (positive) or ahead of it.
  let inward = min(arc.along.x, 1.0 - arc.along.x);
  let behind = (travelled - inward) * max(1.0, arc.light.w);
  let lit = clamp(behind / (2.0 * view.scale) + 0.5, 0.0, 1.0);
  let line = clamp(arc.light.z + 0.5 - abs(arc.along.y), 0.0, 1.0);
  let near = max(0.0, 1.0 - abs(behind) / (24.0 * view.scale));
  let head = near * near * near * arc.colour.w;
  var rgb = arc.colour.rgb;
  var alpha = line * (0.14 + lit * (0.5 + 0.36 * head));
  if (view.dark > 0.5) {
    let across = max(0.0, 1.0 - abs(arc.along.y) / (3.4 * view.scale));
    alpha = max(alpha, across * across * head * 0.9);
    rgb = mix(rgb, vec3f(1.0), 0.55 * head * line);
  }
  alpha *= arc.light.y;
  return vec4f(rgb * alpha, alpha);
}
