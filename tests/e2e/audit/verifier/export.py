"""A log in a directory in the layout of tlog-tiles, checked file by file and byte by byte."""

import os
import re

from verifier.fault import Fault, read
from verifier.merkle import Tree, leaf_hash, root_of
from verifier.signed_note import NOTE_BYTES_MAX, open_checkpoint, parse_key

WIDTH = 256
HASH_BYTES = 32
ENTRY_BYTES_MAX = 65535
VKEYS_BYTES_MAX = 64 * 1024
PATH = re.compile(r"tile/(entries|[0-7])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def tile_path(level, index, width):
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    end = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{end}"


def tiles_of(size):
    """(level, index, width) of every tile of hashes of a log."""
    level = 0
    while size > 0:
        for index in range(size // WIDTH):
            yield level, index, WIDTH
        if size % WIDTH:
            yield level, size // WIDTH, size % WIDTH
        size //= WIDTH
        level += 1


def files_below(directory):
    """Paths of the files below a directory, which holds nothing but files and directories in use."""
    found = set()
    for where, folders, names in os.walk(directory):
        if not folders and not names:
            raise Fault(f"{where} is empty")
        for name in folders + names:
            path = os.path.join(where, name)
            if os.path.islink(path) or not (os.path.isdir(path) or os.path.isfile(path)):
                raise Fault(f"{path} is neither a file nor a directory")
        found |= {os.path.relpath(os.path.join(where, name), directory) for name in names}
    return found


def entries_of(bundle, path):
    """The entries of a bundle; it may not end within one."""
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at:at + 2], "big")
        at += 2 + length
        if at > len(bundle):
            raise Fault(f"{path} ends within entry {len(entries)}")
        entries.append(bundle[at - length:at])
    return entries


def read_keys(directory):
    path = os.path.join(directory, "vkey")
    try:
        text = read(path, VKEYS_BYTES_MAX).decode("utf-8")
    except UnicodeDecodeError:
        raise Fault(f"{path} is not UTF-8") from None
    if not text.endswith("\n"):
        raise Fault(f"{path} holds a key a line")
    return [parse_key(line) for line in text[:-1].split("\n")]


class Export:
    """What is verified of a directory: `verify` recomputes all of it, up to the signed root."""

    def __init__(self, directory, keys):
        """`keys` are those to trust; empty: those that the directory itself brings."""
        self.directory = directory
        if not os.path.isdir(directory):
            raise Fault(f"{directory} is no directory")
        brought = read_keys(directory)
        self.keys_brought = not keys
        self.keys = keys or brought
        path = os.path.join(directory, "checkpoint")
        self.checkpoint = open_checkpoint(read(path, NOTE_BYTES_MAX), self.keys)
        self.tiles_count = self.bundles_count = self.stale_count = 0

    def verify(self, older_sizes=(), visit=lambda index, entry: None):
        """Gives the roots that the log had at the sizes asked for; `visit` sees every entry."""
        size = self.checkpoint.size
        unread = files_below(self.directory) - {"checkpoint", "vkey"}
        levels = {0: []}
        tree, roots = Tree(), {}
        wanted = set(older_sizes)
        if 0 in wanted:
            roots[0] = tree.root()
        bundles = {}  # by index, only where an older partial one is left
        stale = self._stale(unread, size)
        for level, index, width in tiles_of(size):
            if level > 0:
                break
            path = tile_path("entries", index, width)
            bundle = self._take(unread, path, WIDTH * (2 + ENTRY_BYTES_MAX))
            entries = entries_of(bundle, path)
            if len(entries) != width:
                raise Fault(f"{path} has {len(entries)} entries, not {width}")
            for entry in entries:
                visit(tree.size, entry)
                one = leaf_hash(entry)
                levels[0].append(one)
                tree.add(one)
                if tree.size in wanted:
                    roots[tree.size] = tree.root()
            bundles[index] = entries if ("entries", index) in stale else None
            self.bundles_count += 1
        if tree.root() != self.checkpoint.root:
            raise Fault(f"the {size} entries have root {tree.root().hex()}, "
                        f"the checkpoint is of {self.checkpoint.root.hex()}")
        self._check_tiles(unread, levels)
        for (level, index), widths in stale.items():
            for width in widths:
                self._check_stale(unread, level, index, width, levels, bundles)
        if unread:
            raise Fault(f"{len(unread)} files are not of this log, first {min(unread)}")
        return roots

    def _take(self, unread, path, bytes_max):
        if path not in unread:
            raise Fault(f"{path} is missing")
        unread.remove(path)
        return read(os.path.join(self.directory, path), bytes_max)

    def _check_tiles(self, unread, levels):
        for level, index, width in tiles_of(self.checkpoint.size):
            if level not in levels:
                below = levels[level - 1]
                levels[level] = [root_of(below[at:at + WIDTH])
                                 for at in range(0, len(below) - WIDTH + 1, WIDTH)]
            right = levels[level][index * WIDTH:index * WIDTH + width]
            path = tile_path(level, index, width)
            self._compare(path, self._take(unread, path, WIDTH * HASH_BYTES), right)
            self.tiles_count += 1

    @staticmethod
    def _compare(path, content, right):
        if len(content) != HASH_BYTES * len(right):
            raise Fault(f"{path} has {len(content)} bytes, not {HASH_BYTES * len(right)}")
        for at, one in enumerate(right):
            if content[at * HASH_BYTES:(at + 1) * HASH_BYTES] != one:
                raise Fault(f"{path}: hash {at} is wrong")

    @staticmethod
    def _stale(unread, size):
        """Partial tiles of earlier sizes: widths by (level or "entries", index)."""
        found = {}
        for path in unread:
            match = PATH.fullmatch(path)
            if not match or not match.group(3):
                continue
            level = match.group(1)
            index = int(re.sub(r"[x/]", "", match.group(2)))
            width = int(match.group(3))
            span = size >> (0 if level == "entries" else 8 * int(level))
            later = width < WIDTH and index * WIDTH + width < span
            if later and tile_path(level, index, width) == path:
                key = (level if level == "entries" else int(level), index)
                found.setdefault(key, []).append(width)
        return found

    def _check_stale(self, unread, level, index, width, levels, bundles):
        """An earlier partial tile is the beginning of what stands in its place now."""
        path = tile_path(level, index, width)
        if level == "entries":
            content = self._take(unread, path, WIDTH * (2 + ENTRY_BYTES_MAX))
            if entries_of(content, path) != bundles[index][:width]:
                raise Fault(f"{path} is not the beginning of the later bundle")
        else:
            content = self._take(unread, path, WIDTH * HASH_BYTES)
            self._compare(path, content, levels[level][index * WIDTH:index * WIDTH + width])
        self.stale_count += 1
