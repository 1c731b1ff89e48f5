#!/usr/bin/env bash
# Claim: CPack's packages of Debian have what they should, depend on what that needs, and work where they are unpacked.
# Oracle: the lists below; dpkg. Usage: deb.sh BUILD FOLDER
set -euo pipefail
build=$1 folder=$2

if ! command -v dpkg-deb >/dev/null || ! command -v dpkg-shlibdeps >/dev/null; then
    echo "skipped: no dpkg-dev"
    exit 77
fi
rm -rf "$folder"
mkdir -p "$folder"
cpack -G DEB --config "$build/CPackConfig.cmake" -B "$folder" >"$folder/log" || { cat "$folder/log"; exit 1; }

# expect PACKAGE DEPENDENCIES FILES: words that the package's control and contents have to have.
expect() {
    local depends contents word
    depends=$(dpkg-deb --field "$folder/$1"_*.deb Depends)
    contents=$(dpkg-deb --contents "$folder/$1"_*.deb)
    for word in $2; do
        [[ ", $depends" == *", $word"* ]] || { echo "$1: expected to depend on $word, found $depends"; exit 1; }
    done
    for word in $3; do
        grep -q "^-.* \./usr/$word\$" <<<"$contents" || { echo "$1: expected a file usr/$word"; exit 1; }
    done
    dpkg-deb --extract "$folder/$1"_*.deb "$folder/root"
}
expect halfulp "libc6 libstdc++6 libmpfr6" \
    "bin/halfulp share/man/man1/halfulp.1.gz share/bash-completion/completions/halfulp share/zsh/vendor-completions/_halfulp
     share/fish/vendor_completions.d/halfulp.fish share/doc/halfulp/copyright
     share/doc/halfulp/changelog.gz"
expect libhalfulp-dev "libfmt-dev libhwy-dev libonnx-dev libprotobuf-dev libmpfr-dev libgmp-dev" \
    "lib/libhalfulp_lib.a lib/libhalfulp_gpu.a lib/pkgconfig/halfulp.pc lib/cmake/halfulp/halfulpConfig.cmake
     include/halfulp/softfloat/float.hpp include/halfulp/lib/kernel/gemm.hpp include/halfulp/lib/adapter/eigen.hpp
     share/gdb/python/gdb/printer/halfulp.py share/doc/libhalfulp-dev/copyright"

! compgen -G "$folder/halfulp-mpi_*.deb" >/dev/null || expect halfulp-mpi "halfulp libopenmpi3" "lib/halfulp/halfulp_mpi.so"
"$folder/root/usr/bin/halfulp" show fp16 0.1 | grep -q 2e66
[[ $(PKG_CONFIG_PATH=$folder/root/usr/lib/pkgconfig pkg-config --variable=includedir halfulp-softfloat) -ef \
    $folder/root/usr/include ]]
