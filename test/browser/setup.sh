#!/usr/bin/env bash
# Unpacks Debian's Chromium, the libraries that this machine lacks and one family of fonts into a folder of their own, for
# the tests that open the HTML report. Nothing is installed on this machine. Repeatable; a complete folder is left alone.
#
#   test/browser/setup.sh        folder: PACSLINT_BROWSER, default /var/cache/pacslint-browser
set -euo pipefail

CACHE="${PACSLINT_BROWSER:-/var/cache/pacslint-browser}"
NAME="browser:setup"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

if "$CACHE/chromium" --version 2>/dev/null; then
  say "already there: $CACHE"
  exit 0
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/partial"
fetch() {
  apt-get -q -y --no-install-recommends --download-only -o APT::Sandbox::User=root -o "Dir::Cache::archives=$work" \
    install chromium fonts-dejavu-core >"$work/log" 2>&1
}
fetch || { apt-get -q update >>"$work/log" 2>&1 && fetch; } || {
  tail -5 "$work/log" >&2
  die "the packages could not be fetched"
}
rm -rf "$CACHE"
mkdir -p "$CACHE/root"
for package in "$work"/*.deb; do dpkg -x "$package" "$CACHE/root"; done

cat >"$CACHE/fonts.conf" <<FONTS
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>$CACHE/root/usr/share/fonts</dir>
  <cachedir>$CACHE/fonts</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
FONTS
cat >"$CACHE/chromium" <<RUN
#!/bin/sh
libraries="$CACHE/root/usr/lib/x86_64-linux-gnu:$CACHE/root/usr/lib/x86_64-linux-gnu/pulseaudio:$CACHE/root/lib/x86_64-linux-gnu:$CACHE/root/usr/lib/aarch64-linux-gnu:$CACHE/root/usr/lib/aarch64-linux-gnu/pulseaudio:$CACHE/root/lib/aarch64-linux-gnu"
export LD_LIBRARY_PATH="\$libraries" FONTCONFIG_FILE="$CACHE/fonts.conf"
browser="$CACHE/root/usr/lib/chromium/chromium"
[ -x "\$browser" ] || browser=/usr/lib/chromium/chromium
exec "\$browser" "\$@"
RUN
chmod +x "$CACHE/chromium"
"$CACHE/chromium" --version || die "Chromium does not run here: its libraries are missing"
say "unpacked: $CACHE"
