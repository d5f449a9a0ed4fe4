#!/usr/bin/env bash
# Unpacks Docker Compose (Debian trixie's package, which also runs on bookworm) into a folder outside the repository:
# the judge of the compose tests. Nothing is installed on this machine. Repeatable; what is there is left alone.
#
#   test/compose/setup.sh [--force]
set -euo pipefail

NAME="compose:setup"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

unpack_tool compose trixie docker-compose usr/libexec/docker/cli-plugins/docker-compose version "${1:-}"
