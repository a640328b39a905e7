#!/usr/bin/env python3
"""The sessions of README.md, "Over HTTP", played as they stand against a server of their own.

  http_readme_test.py README GUSUD GUSU

Each block of commands is followed by what it prints, where `...` stands for anything.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit"))

from registry import Registry  # pylint: disable=wrong-import-position

README, GUSUD, GUSU = (os.path.abspath(path) for path in sys.argv[1:4])
HEADING = "## Over HTTP\n"
ADDRESS = "127.0.0.1:7480"  # in the README
SESSION_TIME_MAX_S = 120
END = "---- end of block ----"


def blocks(text):
    """Pairs of commands, and what they print, of the section."""
    section = text.split(HEADING)[1].split("\n## ")[0]
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    if [language for language, _ in fenced] != ["sh", ""] * (len(fenced) // 2):
        raise AssertionError("each block of commands is followed by what it prints")
    return [(fenced[i][1], fenced[i + 1][1]) for i in range(0, len(fenced), 2)]


def pattern(shown):
    """What the README shows of a line, as a regular expression."""
    return ".*".join(re.escape(part) for part in shown.split("..."))


class Sessions(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.registry = Registry(GUSUD, GUSU, directory.name)
        self.addCleanup(self.registry.close)
        self.registry.start("--public-url", "https://id.example.cn", "--origin", "registry.example/log1")
        os.symlink(self.registry.data, os.path.join(directory.name, "D"))
        self.fill()

    def fill(self):
        """What the README has done by then: "Five minutes, three users"."""
        registry, done = self.registry, self.registry.done
        registry.token_file = os.path.join(registry.directory, "sz-pumps.token")
        registry.enroll()
        done(registry.enterprise("register", "88.118.8/HP-1", "--template", "product",
                                 "--value", "name=Pump", "--value", "model=HP"))
        done(registry.enterprise("register", "88.118.8/L-1", "--value", "1:URL=https://example.com/l1"))
        done(registry.anybody("credential", "create", "--claim-file", "claim", "--role",
                              "registrant-admin", "--out", "sz-pumps-admin.token"))
        done(registry.anybody("--token-file", "sz-pumps-admin.token", "credential", "create",
                              "--registrant", "sz-pumps", "--handle-secret-file", "erp.secret",
                              "--handle-prefix", "88.118.8"))
        registry.published(8)  # leaves, of which a tile is shown

    def play(self, sessions):
        """What each block printed. One shell plays all of them."""
        with open(os.path.join(self.registry.data, "http.address"), encoding="utf-8") as file:
            address = file.read().strip()
        script = "set -euo pipefail\n" + "".join(
            f"{commands.replace(ADDRESS, address)}echo '{END}'\n" for commands, _ in sessions)
        ended = subprocess.run(["bash", "-c", script], cwd=self.registry.directory, text=True,
                               capture_output=True, timeout=SESSION_TIME_MAX_S, check=False)
        self.assertEqual(0, ended.returncode, ended.stdout + ended.stderr)
        return ended.stdout.split(END + "\n")[:-1]

    def test_what_the_readme_shows_is_what_is_answered(self):
        with open(README, encoding="utf-8") as file:
            sessions = blocks(file.read())
        self.assertGreaterEqual(len(sessions), 3)
        for (commands, shown), printed in zip(sessions, self.play(sessions), strict=True):
            told = [line.rstrip() for line in printed.splitlines()]
            self.assertEqual(len(shown.splitlines()), len(told), f"{commands}\nprinted\n{printed}")
            for expected, line in zip(shown.splitlines(), told):
                self.assertRegex(line, f"^{pattern(expected)}$")
        with open(os.path.join(self.registry.directory, "hp-1.svg"), encoding="utf-8") as file:
            self.assertIn('width="30.0000mm"', file.read())
        self.assertEqual(0, self.registry.stop())


class Reading(unittest.TestCase):
    def test_blocks_come_in_pairs(self):
        text = HEADING + "\n```sh\na\n```\n\n```\nb\n```\n\n## Next\n```sh\nc\n```\n"
        self.assertEqual([("a\n", "b\n")], blocks(text))
        self.assertRaises(AssertionError, blocks, HEADING + "```sh\na\n```\n```sh\nb\n```\n")

    def test_only_dots_stand_for_anything(self):
        self.assertRegex("a.b, c", pattern("a.b..."))
        self.assertNotRegex("axb, c", pattern("a.b..."))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
