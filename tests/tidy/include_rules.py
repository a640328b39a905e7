"""Who may include what: the rule of the rooms."""

import re

GRPC = re.compile(r"^(grpc|grpcpp|grpc\+\+)/|\.grpc\.pb\.h$")
ROCKSDB = re.compile(r"^rocksdb/")
PROMETHEUS = re.compile(r"^prometheus/")
SOCKETS = re.compile(r"^(sys/socket|sys/un|netinet/.*|netdb)\.h$")
ASIO = re.compile(r"^boost/")
STORED = re.compile(r"^gusu/storage/v1/")
DRAWING = re.compile(r"^zint\.h$|^cairo[a-z-]*\.h$|^pango/")
ZIP = re.compile(r"^zip\.h$")
PLAIN = re.compile(r"^[a-z0-9_]+(\.h)?$")  # <vector>, <stdint.h>
POSIX = re.compile(r"^(sys/(?!socket|un\.h)[a-z]+|linux/[a-z]+|arpa/inet)\.h$")
PROTOBUF = re.compile(r"^(google/(protobuf|rpc)|gusu/v1)/.*\.h$")

SPEAKS = re.compile(r"^(server/doors/grpc|client/connection|client/bench|storage/rocksdb)/")

# room: what it may include beside the standard library, POSIX, and its own files.
ROOMS = {
    "proto": [r"^proto/", r"^absl/", r"^openssl/", PROTOBUF.pattern, STORED.pattern],
    "storage": [r"^storage/", r"^proto/", r"^absl/", r"^openssl/", PROTOBUF.pattern, STORED.pattern],
    "server": [r"^server/", r"^storage/", r"^proto/", r"^absl/", r"^openssl/", PROTOBUF.pattern,
               STORED.pattern, r"^spdlog/", r"^CLI/", r"^toml\+\+/", r"^nlohmann/", r"^re2/"],
    "client": [r"^client/", r"^gusu/[a-z_]+\.h$", r"^proto/", r"^absl/", r"^openssl/",
               PROTOBUF.pattern, r"^CLI/", r"^toml\+\+/", r"^nlohmann/"],
}
# What only some places of a room may include, and which.
ONLY_IN = [
    (GRPC, "gRPC", re.compile(
        r"^server/(doors/grpc/.*|main\.cc)$|^client/connection/[^/]*\.cc$|^client/bench/[^/]*\.cc$")),
    (ROCKSDB, "RocksDB", re.compile(r"^storage/rocksdb/")),
    (ASIO, "Asio", re.compile(
        r"^(server/net|client/bench)/[^/]*\.cc$|^server/net/connection_server\.h$")),
    (PROMETHEUS, "prometheus-cpp", re.compile(r"^server/metrics/([^/]*\.cc|family_builder\.h)$")),
    (DRAWING, "what draws labels", re.compile(r"^proto/label/([^/]*\.cc|draw\.h|text_block\.h)$")),
    (ZIP, "libzip", re.compile(r"^proto/papers/archive\.cc$")),
    (SOCKETS, "sockets", re.compile(r"^server/(doors|net)/|^client/")),
]


def rule_of_rooms(file):
    """Includes of proto/, storage/, server/ and client/ stay within the rule of the rooms."""
    if file.room not in ROOMS or not file.path.endswith((".h", ".cc", ".c")):
        return
    for line, included in file.includes():
        special = [(what, where) for which, what, where in ONLY_IN if which.search(included)]
        if special:
            what, where = special[0]
            if not where.search(file.path):
                yield line, f"{what} may not be included here: {included}"
        elif not PLAIN.match(included) and not POSIX.match(included) and not any(
                re.search(allowed, included) for allowed in ROOMS[file.room]):
            yield line, f"{file.room}/ may not include {included}"


def public_headers(file):
    """Headers that enterprises include hold standard types only."""
    if not re.match(r"^client/gusu/[^/]+\.h$", file.path):
        return
    for line, included in file.includes():
        if not PLAIN.match(included) and not re.match(r"^gusu/[a-z_]+\.h$", included):
            yield line, f"a public header may not include {included}"


def heavy_headers(file):
    """Our headers forward-declare messages, gRPC and RocksDB, and so stay cheap to include; but for
    those inside the folders that are there to speak to them."""
    if file.room not in ROOMS or not file.path.endswith(".h") or SPEAKS.match(file.path):
        return
    for line, included in file.includes():
        if included.endswith(".pb.h") or GRPC.search(included) or ROCKSDB.search(included):
            yield line, f"a header may not include {included}: forward-declare"


def circles(files):
    """No file includes itself by way of others."""
    paths = {file.path for file in files}
    below = {}
    for file in files:
        below[file.path] = [
            path for _, included in file.includes()
            for path in (included, "client/" + included) if path in paths]
    finished, faults = set(), []

    def visit(path, above):
        if path in above:
            faults.append(" -> ".join(above[above.index(path):] + [path]))
        elif path not in finished:
            for next_path in below[path]:
                visit(next_path, above + [path])
            finished.add(path)

    for path in sorted(paths):
        visit(path, [])
    return faults
