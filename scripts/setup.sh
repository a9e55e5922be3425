#!/bin/sh
# Sees to what the project needs on this machine, and does nothing where it is there already:
#   1. the system libraries that Qt and OpenGL want (Linux; by apt, else it says which to get),
#   2. a virtual environment in .venv,
#   3. in it, this project in the versions of constraints.txt.
# PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
stamp=$venv/installed

# What is looked for, and the package of Debian and Ubuntu that brings it.
needed="
libEGL.so.1              libegl1
libGL.so.1               libgl1
libGLX_mesa.so.0         libgl1-mesa-dri
libglib-2.0.so.0         libglib2.0-0
libxkbcommon-x11.so.0    libxkbcommon-x11-0
libxcb-cursor.so.0       libxcb-cursor0
libxcb-icccm.so.4        libxcb-icccm4
libxcb-keysyms.so.1      libxcb-keysyms1
libxcb-shape.so.0        libxcb-shape0
libxcb-image.so.0        libxcb-image0
libxcb-render-util.so.0  libxcb-render-util0
libxcb-xinerama.so.0     libxcb-xinerama0
libdbus-1.so.3           libdbus-1-3
libfontconfig.so.1       libfontconfig1
Xvfb                     xvfb
xauth                    xauth
"

say() { echo "setup: $*" >&2; }

has_command() { command -v "$1" >/dev/null 2>&1; }

# Prints the packages of what is missing.
missing_packages() {
    libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null)
    echo "$needed" | while read -r name package; do
        case $name in
            "") ;;
            *.so.*) case $libraries in *"$name"*) ;; *) echo "$package" ;; esac ;;
            *) has_command "$name" || echo "$package" ;;
        esac
    done
}

# Runs a command as root, without ever asking for a password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_apt() {
    has_command apt-get && { [ "$(id -u)" -eq 0 ] || { has_command sudo && sudo -n true 2>/dev/null; }; }
}

apt_install() {
    say "installing $* with apt-get"
    as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}

# Tells of missing libraries, but goes on: what needs no window works without them.
install_libraries() {
    [ "$(uname)" = Linux ] || return 0
    packages=$(missing_packages | tr '\n' ' ')
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086  # a list of words
    if can_apt && apt_install $packages; then return 0; fi
    say "missing for windows: $packages(Debian's and Ubuntu's names; install them, then try again)"
}

is_recent() {
    has_command "$1" && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Prints the first interpreter that is recent enough.
find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if is_recent "$candidate"; then echo "$candidate" && return 0; fi
    done
    return 1
}

make_environment() {
    if [ -x $venv/bin/python ] && $venv/bin/python -m pip --version >/dev/null 2>&1; then return 0; fi
    if ! find_python >/dev/null && can_apt; then apt_install python3 python3-venv || true; fi
    python=$(find_python) || {
        say "Python 3.11 or newer is needed. Install it, or name it: PYTHON=/path/to/python make ..."
        exit 1
    }
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if ! can_apt || ! apt_install "python$version-venv"; then
            say "$python cannot make environments: install python$version-venv, then try again."
            exit 1
        fi
    fi
    say "making $venv with $("$python" --version)"
    "$python" -m venv --clear $venv
}

# The environment is up to date when it was made for this place and these requirements.
wanted() {
    pwd
    cksum pyproject.toml constraints.txt
}

install_project() {
    if [ -f $stamp ] && [ "$(cat $stamp)" = "$(wanted)" ]; then return 0; fi
    say "installing the project and what it needs into $venv (a few minutes the first time)"
    $venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --constraint constraints.txt --editable '.[dev]'
    wanted >$stamp
}

install_libraries
make_environment
install_project
