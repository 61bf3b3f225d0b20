#!/usr/bin/env bash
# Measures the project on the GPU of this machine with the kit that pack.sh makes. It needs neither
# Node.js nor a network. Run it in the root of the project:
#
#   bash .gpu/measure.sh
#
# Each part has a time limit, and a failed part does not stop the others: correctness (lab match and
# lab run on GPU and CPU, pools on both backends, the tests that need a GPU), the vendor's matrix
# product (PyTorch), ticks with percentiles, and the project's bench. After
# every part, $OUT holds summary.txt and summary.json (one page), log.txt and results.tar.gz.
#
# Variables, with defaults in brackets:
#   OUT [.gpu/out]          results
#   TIME_LIMIT [540]        seconds for everything
#   SLOW [1]                multiplies the time limit of every part, for slow adapters
#   JOBS                    number of processes in parts that are not timed
#   PARTS [lab check tests products ticks large market bench unchecked]
#   LAB_SIZES [2000 10000]  LAB_RUNS [default-evening evening-rush]  CHECK_SIZES [2000,10000]
#   PRODUCT_SIZES [10000 100000]
#   TESTS                   names of test files; default: all that need a GPU
#   TICKS, TICKS_LARGE, MARKET, UNCHECKED   OF:MATCHER:PEOPLE:TICKS ..., OF is a family of pools or
#                           market; UNCHECKED runs without bounds checks in shaders, to see their
#                           cost
#   BENCH                   flags of the project's bench
#   VK_DRIVER_FILES         Vulkan driver to use. The default is the first one that is not software.
#   SOFTWARE=1              allows a software driver
set -u

self=$(readlink -f "${BASH_SOURCE[0]}")
kit=$(dirname "$self")
[[ -f $kit/base.tar.xz ]] || kit=$PWD/.gpu
cd "$(dirname "$kit")" || exit 1

TIME_LIMIT=${TIME_LIMIT:-540}
PARTS=${PARTS:-lab check tests products ticks large market bench unchecked}
export LAB_SIZES=${LAB_SIZES:-2000 10000}
export LAB_RUNS=${LAB_RUNS:-default-evening evening-rush}
export JOBS=${JOBS:-$(($(nproc) > 8 ? 6 : ($(nproc) + 1) / 2))}
CHECK_SIZES=${CHECK_SIZES:-2000,10000}
TICKS=${TICKS:-random:greedy:10000:400 clustered:greedy:10000:60 random:auction:10000:20 random:greedy:1000:300}
TICKS_LARGE=${TICKS_LARGE:-random:greedy:100000:60}
MARKET=${MARKET:-market:greedy:1000:200 market:greedy:10000:200}
UNCHECKED=${UNCHECKED:-random:greedy:10000:60 random:greedy:100000:10}
export PRODUCT_SIZES=${PRODUCT_SIZES:-10000 100000}
BENCH=${BENCH:---only ticks,scoring --large --minutes 0.7}

export OUT=${OUT:-$kit/out}
# Everything is unpacked outside of the project. The bundles expect public/models three folders
# above their own, like the sources that they are made of.
export RUN=${RUN:-$(mktemp -d)}
run=$RUN/unpacked/kit
export WORK=$RUN/work NODE=$run/bin/node APP=$run/app
mkdir -p "$OUT" "$WORK" "$run"
log=$OUT/log.txt
say() { echo "[$SECONDS s] $*" | tee -a "$log"; }

# --- Parts of several commands. `bash measure.sh part NAME` runs one, so that `timeout` can stop
# it. ---

# Runs a command in the background, at most JOBS at a time. `settle` waits for all; it fails if one
# failed.
failed=0
spawn() {
  while (($(jobs -rp | wc -l) >= JOBS)); do wait -n || failed=1; done
  "$@" &
}
settle() {
  while (($(jobs -rp | wc -l) > 0)); do wait -n || failed=1; done
  return $failed
}

lab() {
  local to=$1
  shift
  "$NODE" "$APP/lab.mjs" "$@" --json >"$to"
}
# Runs one command on both backends.
both() {
  local name=$1 backend
  shift
  for backend in gpu cpu; do spawn lab "$WORK/lab-$name.$backend.json" "$@" --backend $backend; done
}

part_lab() {
  local n kind preset scorer
  for preset in $LAB_RUNS; do
    # Scores of `rules` are integers, so the digests must agree. Scores of `towers` contain exp,
    # which devices round differently: the summary reports whether the digests agree.
    for scorer in rules towers; do
      both "run-$preset-$scorer" run "$preset" --ticks 40 --seed 7 --set policy.matcher=greedy --set policy.scorer=$scorer
    done
  done
  for n in $LAB_SIZES; do
    for kind in whole fraction; do
      "$NODE" "$APP/gpu.mjs" vectors "$WORK/$kind-$n.csv" "$n" 64 "$kind"
      both "match-$kind-$n-greedy" match "$WORK/$kind-$n.csv" --format embeddings --algorithm greedy
    done
    # The backends choose epsilon differently: compare weights and bounds, not pairs.
    both "match-whole-$n-auction" match "$WORK/whole-$n.csv" --format embeddings --algorithm auction
  done
  settle
}

part_tests() {
  local names name
  names=${TESTS:-$("$NODE" "$APP/tests.mjs")}
  echo "$names" >"$WORK/tests.txt"
  for name in $names; do spawn "$NODE" "$APP/tests.mjs" "$name" "$WORK/test-$name.json"; done
  settle
}

# Plain WGSL, then the vendor's library.
part_products() {
  local rc=0
  "$NODE" "$APP/gpu.mjs" product --sizes "${PRODUCT_SIZES// /,}" --out "$WORK/product.json" || rc=1
  python3 "$run/products.py" "$WORK/products.json" 40 $PRODUCT_SIZES || rc=2
  return $rc
}

if [[ ${1:-} == part ]]; then
  "part_$2"
  exit
fi

# --- All parts in turn ---

# step NAME SECONDS COMMAND: the limit is also the time left, minus ten seconds for the summary.
step() {
  local name=$1 limit=$(($2 * ${SLOW:-1})) start=$SECONDS rc=0 rest=$((TIME_LIMIT - SECONDS - 10))
  shift 2
  ((limit > rest)) && limit=$rest
  if ((limit < 3)); then
    say "$name: no time left"
    echo "{\"step\":\"$name\",\"rc\":125,\"seconds\":0}" >>"$WORK/steps.jsonl"
    return 125
  fi
  say "$name (up to $limit s)"
  timeout -k 5 "$limit" "$@" >>"$log" 2>&1 || rc=$?
  echo "{\"step\":\"$name\",\"rc\":$rc,\"seconds\":$((SECONDS - start))}" >>"$WORK/steps.jsonl"
  ((rc == 0)) || say "$name ended with $rc$( ((rc == 124 || rc == 137)) && echo ' (time limit)')"
  collect
  return $rc
}

# Writes all results so far to $OUT.
collect() {
  [[ -x $NODE ]] || return 0
  timeout 20 "$NODE" "$APP/gpu.mjs" summary "$WORK" --out "$OUT/summary.json" >"$OUT/summary.txt" 2>>"$log" || true
  (cd "$WORK" && tar -czf "$OUT/results.tar.gz" --exclude='*.csv' . 2>>"$log") || true
}

# Unpacks .xz, also without xz.
unpack() {
  if command -v xz >/dev/null; then
    xz -dc "$1" | tar -C "$run" -xf -
  else
    python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer, 1 << 20)' "$1" | tar -C "$run" -xf -
  fi
}

trap 'rm -rf "$RUN"' EXIT
rm -f "$OUT"/{log.txt,summary.json,summary.txt,results.tar.gz}
say "time limit $TIME_LIMIT s"
ln -sfn "$PWD/public" "$RUN/public"
{
  uname -srm
  grep -m1 'model name' /proc/cpuinfo
  echo "processors: $(nproc), load: $(cat /proc/loadavg)"
  command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.sm,clocks.max.sm,power.limit --format=csv
} >>"$log" 2>&1

say 'unpacking'
unpack "$kit/base.tar.xz" && unpack "$kit/app.tar.xz" || say 'unpacking failed'
# Prefer the C++ library of this machine to the packed one.
if ! "$NODE" -e 0 2>>"$log"; then export LD_LIBRARY_PATH=$run/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}; fi
if ! "$NODE" -e 0 2>>"$log"; then
  say "node does not run here: $("$NODE" -e 0 2>&1 | head -1)"
  exit 1
fi
say "node $("$NODE" -v), $(cat "$run/version")"

# Installs the loaders into the system if this user may, else into a folder of its own.
loaders() {
  local deb
  ldconfig -p 2>/dev/null | grep -q 'libvulkan\.so\.1' && return
  say 'unpacking loaders'
  if [[ $(id -u) == 0 ]] && command -v dpkg >/dev/null; then
    for deb in "$kit"/deb/*.deb; do dpkg -x "$deb" /; done
    ldconfig
  elif command -v dpkg >/dev/null; then
    for deb in "$kit"/deb/*.deb; do dpkg -x "$deb" "$run/root"; done
    export LD_LIBRARY_PATH=$run/root/usr/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  else
    say 'no Vulkan loader found, and no dpkg to unpack one'
  fi
}
loaders 2>>"$log"

# Whether Dawn finds a real adapter with the current environment.
real() { timeout 60 "$NODE" "$APP/gpu.mjs" adapter --out "$WORK/adapter.json" 2>>"$log" && { [[ -n ${SOFTWARE:-} ]] || ! grep -qiE 'swiftshader|llvmpipe|lavapipe' "$WORK/adapter.json"; }; }

# Looks for a driver: the system's, those in /usr/local/nvidia, then a manifest of our own.
driver() {
  local file library
  [[ -n ${VK_DRIVER_FILES:-} ]] && return
  real && return
  export __EGL_VENDOR_LIBRARY_FILENAMES=/usr/local/nvidia/share/glvnd/egl_vendor.d/10_nvidia.json
  [[ -f $__EGL_VENDOR_LIBRARY_FILENAMES ]] || unset __EGL_VENDOR_LIBRARY_FILENAMES
  for library in /usr/local/nvidia/lib64 /usr/local/nvidia/lib; do
    [[ -d $library ]] && export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$library
  done
  for library in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
    echo "{\"file_format_version\":\"1.0.1\",\"ICD\":{\"library_path\":\"$library\",\"api_version\":\"1.3.0\"}}" >"$WORK/${library%%.*}.icd"
  done
  # Once as is, then with the X libraries that some drivers load although nothing is drawn.
  for more in '' "$run/more/usr/lib/x86_64-linux-gnu"; do
    if [[ -n $more ]]; then
      command -v dpkg >/dev/null && for file in "$kit"/deb/more/*.deb; do dpkg -x "$file" "$run/more"; done
      export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$more
    fi
    for file in {/usr/local/nvidia/share,/etc,/usr/share}/vulkan/icd.d/nvidia*.json "$WORK"/*.icd; do
      [[ -f $file ]] || continue
      export VK_DRIVER_FILES=$file VK_ICD_FILENAMES=$file
      say "trying driver $file"
      real && return
    done
  done
  unset VK_DRIVER_FILES VK_ICD_FILENAMES
  rm -f "$WORK/adapter.json"
  say 'NO REAL GPU FOUND: all results are from a software adapter'
}
driver
env | grep -E '^(VK_|__EGL|LD_LIBRARY)' >>"$log"

step adapter 40 "$NODE" "$APP/gpu.mjs" adapter --out "$WORK/adapter.json"
cat "$WORK/adapter.json" >>"$log" 2>/dev/null
for part in $PARTS; do
  case $part in
    lab) step lab 60 bash "$self" part lab ;;
    check) step check 50 "$NODE" "$APP/gpu.mjs" check --sizes "$CHECK_SIZES" --seconds 30 --out "$WORK/check.json" ;;
    tests) step tests 60 bash "$self" part tests ;;
    products) step products 60 bash "$self" part products ;;
    ticks) step ticks 80 "$NODE" "$APP/gpu.mjs" ticks $TICKS --seconds 14 --out "$WORK/ticks.json" ;;
    large) step large 60 "$NODE" "$APP/gpu.mjs" ticks $TICKS_LARGE --seconds 20 --out "$WORK/ticks-large.json" ;;
    market) step market 40 "$NODE" "$APP/gpu.mjs" ticks $MARKET --seconds 12 --out "$WORK/market.json" ;;
    bench) step bench 60 "$NODE" "$APP/bench.mjs" $BENCH --json "$WORK/bench.json" ;;
    unchecked) step unchecked 40 "$NODE" "$APP/gpu.mjs" ticks $UNCHECKED --seconds 10 --dawn enable-dawn-features=disable_robustness --out "$WORK/unchecked.json" ;;
    *) say "there is no part $part" ;;
  esac
done
collect
say 'done'
cat "$OUT/summary.txt"
