#!/bin/sh
# Installs what the extras of one image lock, and writes down what that is (CycloneDX 1.5).
set -eu
extras=
for extra in "$@"; do extras="$extras --extra $extra"; done
# shellcheck disable=SC2086 # these are words
uv sync --frozen --no-dev --no-install-project $extras
# shellcheck disable=SC2086
uv export --frozen --no-dev --format cyclonedx1.5 --quiet $extras >/opt/venv/sbom.cdx.json
