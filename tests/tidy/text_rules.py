"""What the text of a file must look like."""

import os
import re

LINES_MAX = 450
# Files that may be longer, each with the reason.
LONG_FILES = {
    # Every sentence of engine.h, in its order.
    "tests/storage/engine_conformance_test.cc": 550,
}

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINE = re.compile(
    r"/wo" r"rk/|/ro" r"ot/|/home/(?!me\b)\w+|/Us" r"ers/|\.\./sha" r"red|\bC:\\\\")


def length(file):
    """A file is one idea, and short enough to hold in mind."""
    most = LONG_FILES.get(file.path, LINES_MAX)
    if file.is_code and len(file.lines) > most:
        yield len(file.lines), f"{len(file.lines)} lines, more than {most}"


def finished(file):
    """Nothing is left for later."""
    for number, line in enumerate(file.lines, 1):
        match = UNFINISHED.search(line)
        if match:
            yield number, f"{match.group()}: finish it, or leave it out"


def any_machine(file):
    """No path of somebody's own machine."""
    for number, line in enumerate(file.lines, 1):
        match = MACHINE.search(line)
        if match:
            yield number, f"a path that others do not have: {match.group()}"


def clean_lines(file):
    """Lines end in LF, without spaces before it; the file ends with one line end."""
    if not file.is_code and not file.path.endswith(".md"):
        return
    for number, line in enumerate(file.lines, 1):
        if line.endswith((" ", "\t", "\r")):
            yield number, "ends in white space"
    if file.text and not file.text.endswith("\n"):
        yield len(file.lines), "no line end at the end"
    if file.text.endswith("\n\n"):
        yield len(file.lines), "empty lines at the end"


def headers(file):
    """A header opens with a sentence on what it is for, and guards itself."""
    if not file.path.endswith(".h"):
        return
    first = file.lines[0] if file.lines else ""
    if not re.match(r"^(// |/\* )\S", first):
        yield 1, "does not open with a comment on what the header is for"
    # Headers for C have the guard that every compiler knows.
    if not re.search(r"^#(pragma once$|ifndef GUSU_\w+_H_$)", file.text, re.MULTILINE):
        yield 1, "no #pragma once"


def proto_comments(file):
    """Every service, method, message and field of the API says what it is, and every stored message."""
    if not file.path.endswith(".proto") or file.room != "proto":
        return
    declaration = re.compile(
        r"^\s*(?:(service|rpc|message|enum)\s+(\w+)"
        r"|(?:repeated |optional )?(?:map<[^>]*>|[\w.]+)\s+(\w+)\s*=\s*\d+)")
    previous = ""
    for number, line in enumerate(file.lines, 1):
        match = declaration.match(line)
        # Nested types are described by the field that they serve, values of an enum by their names.
        if match and not line.startswith(("syntax", "option", "package", "import")):
            nested = match.group(1) in ("message", "enum") and line.startswith(" ")
            value = match.group(3) and match.group(3).isupper()
            stored = match.group(3) and "/storage/" in file.path
            if not nested and not value and not stored and "//" not in previous + line:
                yield number, f"{match.group(2) or match.group(3)} has no comment"
        previous = line


def shell(file):
    """A shell script stops at the first failure."""
    if file.is_script and "bash" in file.lines[0] and "set -euo pipefail" not in file.lines:
        yield 1, "no `set -euo pipefail`"


def links(file, exists=os.path.exists):
    """A link of a document leads to a file of the project."""
    if not file.path.endswith(".md"):
        return
    directory = os.path.dirname(file.path)
    for number, line in enumerate(file.lines, 1):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", line):
            if "://" not in target and not exists(os.path.join(directory, target)):
                yield number, f"leads nowhere: {target}"


def sources_built(files):
    """Every source is named in a CMakeLists.txt, so nothing is written that nobody builds."""
    lists = [file for file in files if file.name == "CMakeLists.txt"]
    for file in files:
        if not file.path.endswith((".cc", ".c")):
            continue
        if not any(names(other, file.path) for other in lists):
            yield f"{file.path}: no CMakeLists.txt builds it"


def names(cmake_list, source):
    """Whether a CMakeLists.txt names a source below it, or its stem in a foreach of `${x}.cc`."""
    directory = os.path.dirname(cmake_list.path)
    if not source.startswith(directory):
        return False
    path = os.path.relpath(source, directory or ".")
    forms = [path]
    if re.search(r"\$\{\w+\}\.cc", cmake_list.text):
        forms.append(os.path.splitext(path)[0])
    return any(re.search(r"(?<![\w./-])" + re.escape(form) + r"(?![\w./-])", cmake_list.text)
               for form in forms)
