"""Runs clang-tidy on every source of the four rooms that a build compiles, one on each core.

    python3 tests/tidy/clang_tidy.py BUILD_DIRECTORY [FILTER]

A source that passed is not read again until it, one of our files that it includes, its command,
.clang-tidy or clang-tidy itself changes. What passed is held in ~/.cache/gusu/clang_tidy (below
XDG_CACHE_HOME where that is set), for all clones of the project; what no run asked for in 90 days
is forgotten.
"""

import concurrent.futures
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import time

import tree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROOMS = ("proto/", "storage/", "server/", "client/")
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
                     "gusu", "clang_tidy")
FORGOTTEN_AFTER_S = 90 * 24 * 3600


def sources_of(build):
    """Path from the root -> its entry of compile_commands.json, for our own C++ sources."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as stream:
        entries = json.load(stream)
    sources = {}
    for entry in entries:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), ROOT)
        if path.endswith(".cc") and path.startswith(ROOMS):
            entry["command"] = re.sub(r"^\S*/ccache ", "", entry["command"])
            sources[path] = entry
    return sources


def read_with(path, files):
    """The path and those of all our files that it includes, by whatever way."""
    found, waiting = set(), [path]
    while waiting:
        path = waiting.pop()
        if path in found or path not in files:
            continue
        found.add(path)
        if path.endswith(".proto"):
            waiting += ["proto/" + name for name in re.findall(r'import "([^"]+)"', files[path].text)]
        for _, name in files[path].includes():
            message = re.sub(r"(\.grpc)?\.pb\.h$", ".proto", name)
            waiting += [name, "client/" + name, "proto/" + message,
                        os.path.join(os.path.dirname(path), name)]
    return sorted(found)


def forget_old(cache):
    """Removes what no run asked for in a long time."""
    oldest = time.time() - FORGOTTEN_AFTER_S
    for entry in os.scandir(cache):
        with contextlib.suppress(FileNotFoundError):  # another run was faster
            if entry.stat().st_mtime < oldest:
                os.remove(entry.path)


def main():
    build = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    files = {file.path: file for file in tree.read(ROOT)}
    sources = sources_of(build)
    database = os.path.join(build, "clang_tidy")
    os.makedirs(database, exist_ok=True)
    os.makedirs(CACHE, exist_ok=True)
    forget_old(CACHE)
    with open(os.path.join(database, "compile_commands.json"), "w", encoding="utf-8") as stream:
        json.dump(list(sources.values()), stream)

    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    common = version + files[".clang-tidy"].text.encode()

    def passes(path):
        # Clones in other places share what passed.
        digest = hashlib.sha256(common + sources[path]["command"].replace(ROOT, ".").encode())
        for part in read_with(path, files):
            digest.update(part.encode() + b"\0" + files[part].text.encode())
        stamp = os.path.join(CACHE, digest.hexdigest())
        with contextlib.suppress(FileNotFoundError):
            os.utime(stamp)
            return True
        result = subprocess.run(
            ["clang-tidy", "--quiet", "-p", database, os.path.join(ROOT, path)],
            capture_output=True, text=True, check=False)
        if result.returncode == 0:
            open(stamp, "w", encoding="utf-8").close()
            return True
        print(f"{path}\n{result.stdout}{result.stderr}", flush=True)
        return False

    chosen = sorted(path for path in sources if wanted in path)
    if not chosen:
        sys.exit("clang_tidy: no sources")
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        failed = [path for path, passed in zip(chosen, pool.map(passes, chosen)) if not passed]
    print(f"clang_tidy: {len(chosen)} sources, {len(failed)} with faults")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
