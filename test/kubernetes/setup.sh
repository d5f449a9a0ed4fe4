#!/usr/bin/env bash
# Unpacks kubectl (Debian trixie's package, which also runs on bookworm) into a folder outside the repository:
# the judge of the kustomize tests. Nothing is installed on this machine. Repeatable; what is there is left alone.
#
#   test/kubernetes/setup.sh [--force]
set -euo pipefail

NAME="kubernetes:setup"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

unpack_tool kubectl trixie kubectl usr/bin/kubectl "version --client" "${1:-}"
