#!/usr/bin/env bash
# Packs everything that measure.sh needs into .gpu/, which git ignores. The target is an x86-64
# Linux (glibc 2.34 or later) with a GPU but without Node.js, node_modules or a network. Run it on
# an x86-64 Linux in the root of the project, after `npm ci`:
#
#   bash e2e/gpu/pack.sh
#
# Then copy the project with .gpu/ to the target and run `bash .gpu/measure.sh` in its root.
#
#   .gpu/measure.sh    the script to run on the target
#   .gpu/base.tar.xz   Node, the Dawn module of the package `webgpu` and the C++ library, packed
#                      again
#                      only if one of them changes
#   .gpu/app.tar.xz    benchmarks, CLI and tests, bundled with their shaders; the trained weights
#                      are
#                      those in public/models
#   .gpu/deb/          Debian's Vulkan and OpenGL loaders; .gpu/deb/more/ has X libraries that some
#                      drivers need
set -euo pipefail

MAX_MIB=${MAX_MIB:-45}
LOADERS=(libvulkan1 libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2)
MORE=(libx11-6 libxext6 libxcb1 libxau6 libxdmcp6 libbsd0 libmd0)

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$PWD
fail() {
  echo "pack: $*" >&2
  exit 1
}
grep -q '"name": "halfsecond"' package.json 2>/dev/null || fail "run it from the root of the project"
[[ $(uname -sm) == 'Linux x86_64' ]] || fail "needs an x86-64 Linux, whose Node it packs; this is $(uname -sm)"
[[ -d node_modules/webgpu && -d node_modules/esbuild ]] || fail "no node_modules; run npm ci first"
node=$(readlink -f "$(command -v node)") || fail "no node on the PATH"
(( $("$node" -p 'process.versions.node.split(".")[0]') >= 20 )) || fail "Node 20 or later is needed"

# Work in a folder of its own, so that a failure does not damage the last kit.
stage=$root/.gpu/stage
rm -rf "$stage" .gpu/out
mkdir -p "$stage"
trap 'rm -rf "$stage"' EXIT

# Shared libraries that a program needs, except those of glibc.
needs() {
  ldd "$1" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | grep -vE '/(libc|libm|libdl|libpthread|librt|ld-linux[^/]*)\.so' || true
}

echo "pack: base (Node $("$node" -v), webgpu $("$node" -p 'require("./node_modules/webgpu/package.json").version'))"
dawn=node_modules/webgpu/dist/linux-x64/dawn.node
[[ -f $dawn ]] || fail "$dawn is missing"
stamp=$(cat "$node" "$dawn" node_modules/webgpu/index.js | sha256sum | cut -d' ' -f1)
if [[ ! -f .gpu/base.tar.xz || $(cat .gpu/base.stamp 2>/dev/null) != "$stamp" ]]; then
  mkdir -p "$stage/base/bin" "$stage/base/lib" "$stage/base/app/node_modules/webgpu/dist/linux-x64"
  cp "$node" "$stage/base/bin/node"
  strip "$stage/base/bin/node" 2>/dev/null || echo 'pack: strip is missing; node is not stripped'
  "$stage/base/bin/node" -e 0 || cp "$node" "$stage/base/bin/node"
  cp node_modules/webgpu/{index.js,package.json,LICENSE.md} "$stage/base/app/node_modules/webgpu/"
  cp "$dawn" "$stage/base/app/node_modules/webgpu/dist/linux-x64/"
  # For a target without a C++ library. The glibc is the target's.
  for file in "$node" "$dawn"; do
    for library in $(needs "$file"); do
      case $(basename "$library") in
        libstdc++.so.6 | libgcc_s.so.1) cp -L "$library" "$stage/base/lib/$(basename "$library")" ;;
        *) fail "$file needs $library, which the target may not have" ;;
      esac
    done
  done
  strip "$stage"/base/lib/* 2>/dev/null || true
  tar -C "$stage/base" -cf - . | xz -6 >"$stage/base.tar.xz"
  mv "$stage/base.tar.xz" .gpu/base.tar.xz
  echo "$stamp" >.gpu/base.stamp
fi

echo 'pack: app'
"$node" e2e/gpu/bundle/bundle.mjs "$stage/app/app"
cp "$here/products.py" "$stage/app/"
git describe --always --dirty >"$stage/app/version" 2>/dev/null || echo unknown >"$stage/app/version"
tar -C "$stage/app" -cf - . | xz -6 >"$stage/app.tar.xz"
mv "$stage/app.tar.xz" .gpu/app.tar.xz
cp "$here/measure.sh" .gpu/measure.sh

echo 'pack: loaders'
# debs FOLDER PACKAGE...: downloads packages that are not there yet.
debs() {
  mkdir -p "$1"
  (
    cd "$1"
    shift
    for package in "$@"; do
      [[ -f $package.deb ]] && continue
      apt-get -qq download "$package" 2>/dev/null || return 1
      # File names without a version are the same on every run.
      mv "$package"_*.deb "$package.deb"
    done
  )
}
debs .gpu/deb "${LOADERS[@]}" || { apt-get -qq update && debs .gpu/deb "${LOADERS[@]}"; } || fail "apt-get could not download ${LOADERS[*]}"
debs .gpu/deb/more "${MORE[@]}" || echo "pack: no ${MORE[*]}; most drivers do not need them"

rm -rf "$stage"
echo
du -ab --exclude='*.stamp' .gpu | sort -k2 | awk '{ printf "%9.2f MiB  %s\n", $1 / 1048576, $2 }'
bytes=$(du -sb .gpu | cut -f1)
(( bytes <= MAX_MIB * 1048576 )) || fail "the kit takes $((bytes / 1048576)) MiB; the limit is $MAX_MIB (MAX_MIB)"
echo "pack: done; on the target, in the root of the project: bash .gpu/measure.sh"
