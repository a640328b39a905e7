"""The tables of reasons in proto/README.md and the reasons in the sources are the same, with their codes."""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
# What looks like a reason and is none: types of values and keys of the Handle protocol.
NO_REASON = re.compile(r"HS_[A-Z_]+|(RSA|DSA)_(PUB|PRIV|PRIVCRT)_KEY")
# Says what others' reasons are on the wire, and gives none of its own.
MAPPED = "proto/handle/response_code.cc"
LITERAL = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"')
CODES = {
    "InvalidArgument", "NotFound", "AlreadyExists", "FailedPrecondition", "Aborted", "OutOfRange",
    "PermissionDenied", "Unauthenticated", "ResourceExhausted", "Unavailable", "DataLoss",
}


def upper_snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()


def sources(*rooms):
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".cc", ".h") and path != ROOT / MAPPED:
                yield re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))


def literals(*rooms):
    words = {word for text in sources(*rooms) for word in LITERAL.findall(text)}
    return {word for word in words if not NO_REASON.fullmatch(word)}


def words_of_the_contract():
    """Names of enumerations' values and operations, which are text too."""
    words = set(LITERAL.findall((ROOT / "proto/change.cc").read_text(encoding="utf-8")))
    words |= set(LITERAL.findall((ROOT / "proto/check_digit.cc").read_text(encoding="utf-8")))
    for path in (ROOT / "proto").rglob("*.proto"):
        text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        words |= set(re.findall(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+) = \d", text))
    return words - {"SUFFIX_REFUSED"}


def main():
    guide = (ROOT / "proto/README.md").read_text(encoding="utf-8")
    guide = guide[guide.index("## Errors") : guide.index("## Canonical bytes")]
    server = dict(re.findall(r"^\| ([A-Z_0-9]+) \| ([A-Z_, ]+) \| .* \| .*\|$", guide, re.M))
    client = set()
    for names in re.findall(r"^\| ([A-Z_0-9, ]+) \| [^|]*\|$", guide, re.M):
        client |= set(names.split(", "))
    faults = []

    contract = words_of_the_contract()
    used = literals("proto", "storage", "server") - contract
    for reason in sorted(used - server.keys()):
        faults.append(f"{reason} is used by the server and not in the table")
    for reason in sorted(server.keys() - used):
        faults.append(f"{reason} is in the table and not used by the server")

    for reason in LITERAL.findall((ROOT / MAPPED).read_text(encoding="utf-8")):
        if reason not in server:
            faults.append(f"{reason} has a response code of the Handle protocol and is not in the table")

    codes = {upper_snake(code) for code in CODES}
    ours = {w for w in literals("client") if not w.startswith(("GUSU_", "XDG_", "NO_COLOR"))}
    ours -= contract | codes | server.keys() | {"DEADLINE_EXCEEDED", "UNKNOWN_OUTCOME"}
    for reason in sorted(ours - client):
        faults.append(f"{reason} is used by the client and not in the table")
    for reason in sorted(client - literals("client")):
        faults.append(f"{reason} is in the table and not used by the client")

    pairs = re.compile(r'StatusCode::k(\w+),\s*"([A-Z_0-9]+)"')
    for text in sources("proto", "storage", "server"):
        for code, reason in pairs.findall(text):
            told = server.get(reason, "").split(", ")
            if reason in server and upper_snake(code) not in told:
                faults.append(f"{reason} is told as {upper_snake(code)}, in the table as {told}")
    for reason, told in server.items():
        if not set(told.split(", ")) <= codes:
            faults.append(f"{reason}: {told} is no code")

    print("\n".join(faults))
    sys.exit(1 if faults else 0)


main()
