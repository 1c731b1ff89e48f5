# Sourced by ./run, ./check and .ci/run: the Debian packages they need, and how they install and build.
# shellcheck shell=bash disable=SC2034

root=$(dirname "$(dirname "$(realpath "${BASH_SOURCE[0]}")")")

program_packages=(g++ cmake ninja-build libmpfr-dev libboost-dev libcli11-dev libeigen3-dev libfmt-dev libhwy-dev
                  nlohmann-json3-dev libonnx-dev libprotobuf-dev)
# MPI is the program's where it is; without it the tests of campaigns on several machines are skipped.
test_packages=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev libfp16-dev gnuplot-nox libopenmpi-dev openmpi-bin)
sanitizer_packages=(clang libclang-rt-14-dev libomp-14-dev)
# Without them the proofs are skipped; SMT takes clang too.
proof_packages=(coq libcoq-flocq libcoq-coquelicot libcoq-interval gappa z3 cvc5 python3)
lint_packages=(clang-format-14 clang-tidy-14 doxygen shellcheck)

say() {
    printf '%s\n' "$*" >&2
}

# quietly COMMAND...: shows what the command prints only if it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    ((status == 0)) || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

# Without a terminal sudo must not ask for a password: nobody would answer.
can_become_root() {
    ((EUID == 0)) && return
    command -v sudo >/dev/null || return
    sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }
}

apt_get() {
    local command=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@")
    ((EUID == 0)) || command=(sudo "${command[@]}")
    quietly "${command[@]}"
}

# install_missing PACKAGE...: touches apt only if one of them is not installed.
install_missing() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "Not Debian or Ubuntu: nothing is installed. Needed is what Debian 12 calls: $*"
        return
    fi
    local installed package missing=()
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null) || true
    for package; do
        grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ! can_become_root; then
        say "Missing, and no right to install: run as root: apt-get install --no-install-recommends ${missing[*]}"
        exit 2
    fi
    say "Installing: ${missing[*]}"
    apt_get update
    apt_get install --yes --no-install-recommends "${missing[@]}"
}

# build PRESET [TARGET...]: configures and builds, folders as one file, the targets or what the preset names; on a terminal with
# the progress of the build.
build() (
    cd "$root" || exit
    say "Building: $1"
    quietly cmake --preset "$1" -D HALFULP_UNITE=ON
    local command=(cmake --build --preset "$1")
    (($# == 1)) || command+=(--target "${@:2}")
    if [[ -t 2 ]]; then
        "${command[@]}" >&2
    else
        quietly "${command[@]}" -- --quiet
    fi
)
