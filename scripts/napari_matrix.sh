#!/bin/sh
# Runs what concerns napari with every version of it that pyproject.toml allows, and the newest
# pre-release:
#   scripts/napari_matrix.sh [VERSION ...]      by default: 0.8 0.9 pre
# After `make install`: everything but napari, and what a version of it wants otherwise, is taken
# from .venv, so an environment takes seconds to make, and a few dozen megabytes.  They are kept in
# .napari/.  BASE=/path/to/environment takes another one than .venv, TESTS="..." other tests.
set -eu
cd "$(dirname "$0")/.."

base=${BASE:-.venv}
tests=${TESTS:-tests/viewer tests/qt tests/cli/test_cli_demo.py}
export QT_API=pyside6 OMP_NUM_THREADS=1

say() { echo "matrix: $*" >&2; }

# Prints what pip is to install.
requirement() {
    if [ "$1" = pre ]; then echo "--pre napari"; else echo "napari==$1.*"; fi
}

# Makes the environment of a version: its own packages come before those of the base.
make_environment() {
    folder=.napari/$1
    shared=$("$base/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    "$base/bin/python" -m venv --without-pip --clear "$folder"
    own=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo "import site; site.addsitedir('$shared')" >"$own/shared.pth"
    # shellcheck disable=SC2046  # words
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade \
        $(requirement "$1") 2>&1 | grep -v "is ignored: it is neither a file nor a directory" >&2 || true
}

# Says which napari an environment has; fails where it is not the one that was asked for.
check() {
    .napari/$1/bin/python - "$1" <<'PYTHON'
import sys
from importlib.metadata import version
found, wanted = version("napari"), sys.argv[1]
print(f"matrix: napari {found}", file=sys.stderr)
sys.exit(not (wanted == "pre" or found.startswith(wanted + ".")))
PYTHON
}

with_display() {
    if [ "$(uname)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        xvfb-run -a -s "-screen 0 1600x1000x24" "$@"
    else
        "$@"
    fi
}

[ -x "$base/bin/python" ] || { say "there is no $base: run make install first"; exit 1; }
failed=
for version in ${*:-0.8 0.9 pre}; do
    make_environment "$version"
    check "$version" || { say "napari $version could not be installed"; exit 1; }
    # shellcheck disable=SC2086  # a list of words
    with_display ".napari/$version/bin/python" -m pytest -p no:cacheprovider \
        --numprocesses auto --dist loadfile $tests || failed="$failed $version"
done
[ -z "$failed" ] || { say "failed with napari$failed"; exit 1; }
say "passed with all"
