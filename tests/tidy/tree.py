"""The files of the project, as the rules see them."""

import os
import re

# Made by tools, never by hand.
NOT_OURS = {".git", "build", "node_modules", "__pycache__", ".cache"}
CODE = (".h", ".cc", ".c", ".proto", ".py", ".js", ".cmake", ".awk")


class File:
    """A text file: its path from the project's root, with "/", and its lines."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        if self.lines[-1] == "":
            self.lines.pop()

    @property
    def name(self):
        return self.path.rsplit("/", 1)[-1]

    @property
    def room(self):
        return self.path.split("/", 1)[0] if "/" in self.path else ""

    @property
    def is_script(self):
        return self.text.startswith("#!")

    @property
    def is_code(self):
        return self.path.endswith(CODE) or self.name == "CMakeLists.txt" or self.is_script

    def includes(self):
        """(line number, what stands between the quotes or brackets) of each #include."""
        for number, line in enumerate(self.lines, 1):
            match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if match:
                yield number, match.group(1)


def read(root):
    """Every text file below the root, in the order of their paths."""
    files = []
    for directory, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in NOT_OURS)
        for name in sorted(names):
            whole = os.path.join(directory, name)
            try:
                with open(whole, encoding="utf-8", newline="") as stream:
                    text = stream.read()
            except UnicodeDecodeError:
                continue
            files.append(File(os.path.relpath(whole, root).replace(os.sep, "/"), text))
    return files
