#!/usr/bin/env bash
# Runs the kit as on a bare machine, all parts at small sizes, on the software adapter: in a folder
# with nothing but public/ and .gpu/, without Node.js, and where the system allows it without a
# network. Run it in the root of the project, after `npm ci`; fails if a part fails:
#
#   bash e2e/gpu/try.sh
#
# The part `products` needs PyTorch and may end with 2, which means that there is none.
set -euo pipefail

bash e2e/gpu/pack.sh
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cp -r .gpu public "$root/"
rm -rf "$root/.gpu/stage" "$root/.gpu/out"

settings=(
  PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$root" OUT="$root/out" SOFTWARE=1 TIME_LIMIT=1800 SLOW=20
  LAB_SIZES=60 LAB_RUNS=default-evening CHECK_SIZES=40 PRODUCT_SIZES=256 TESTS='embed transformer'
  TICKS=random:greedy:60:3 TICKS_LARGE=clustered:greedy:60:3 MARKET=market:greedy:40:2
  UNCHECKED=random:greedy:60:3 BENCH='--only submissions --sizes 60 --minutes 5'
)
bare=(env -i "${settings[@]}" bash .gpu/measure.sh)
node=$(readlink -f "$(command -v node)")
cd "$root"
if unshare -rmn true 2>/dev/null; then
  # An empty file in the place of node.
  unshare -rmn bash -c 'mount --bind /dev/null "$1"; shift; "$@"' - "$node" "${bare[@]}"
else
  "${bare[@]}"
fi

tar -xzf out/results.tar.gz ./steps.jsonl
parts=$(wc -l <steps.jsonl)
failed=$(grep -v '"rc":0' steps.jsonl | grep -v '"step":"products","rc":2' || true)
[[ -z $failed ]] || { echo "try: failed: $failed"; tail -50 out/log.txt; exit 1; }
((parts == 10)) || { echo "try: $parts parts ran, not 10"; exit 1; }
echo "try: all $parts parts passed"
