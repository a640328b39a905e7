"""The tidy test: what holds for every file of the project, and that each rule can tell.

    python3 tests/tidy/tidy_test.py
"""

import os
import shutil
import subprocess
import unittest

import include_rules
import text_rules
import tree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILES = tree.read(ROOT)


def faults_of(rule):
    return [f"{file.path}:{line}: {fault}" for file in FILES for line, fault in rule(file)]


def told(rule, path, text):
    """Whether the rule objects to a file with that path and text."""
    return bool(list(rule(tree.File(path, text))))


class Tree(unittest.TestCase):
    def check(self, faults):
        faults = list(faults)
        if faults:
            self.fail(f"{len(faults)} faults\n" + "\n".join(faults))

    def test_includes_keep_the_rule_of_the_rooms(self):
        self.check(faults_of(include_rules.rule_of_rooms))

    def test_public_headers_include_standard_headers_only(self):
        self.check(faults_of(include_rules.public_headers))

    def test_headers_stay_cheap_to_include(self):
        self.check(faults_of(include_rules.heavy_headers))

    def test_nothing_includes_itself(self):
        self.check(include_rules.circles(FILES))

    def test_files_are_short(self):
        self.check(faults_of(text_rules.length))

    def test_nothing_is_left_for_later(self):
        self.check(faults_of(text_rules.finished))

    def test_no_path_belongs_to_one_machine(self):
        self.check(faults_of(text_rules.any_machine))

    def test_lines_end_cleanly(self):
        self.check(faults_of(text_rules.clean_lines))

    def test_headers_say_what_they_are_for(self):
        self.check(faults_of(text_rules.headers))

    def test_the_contract_is_commented(self):
        self.check(faults_of(text_rules.proto_comments))

    def test_scripts_stop_at_the_first_failure(self):
        self.check(faults_of(text_rules.shell))

    def test_links_of_documents_lead_somewhere(self):
        self.check(faults_of(
            lambda file: text_rules.links(file, lambda path: os.path.exists(os.path.join(ROOT, path)))))

    def test_every_source_is_built(self):
        self.check(text_rules.sources_built(FILES))

    def test_code_is_formatted(self):
        sources = [file.path for file in FILES if file.path.endswith((".h", ".cc", ".c"))]
        result = subprocess.run(
            [shutil.which("clang-format") or self.fail("clang-format is not installed"),
             "--dry-run", "-Werror", *sources],
            cwd=ROOT, capture_output=True, text=True, check=False)
        wrong = {line.split(":")[0] for line in result.stderr.split("\n") if ": error:" in line}
        self.check(f"{path}: run clang-format -i" for path in sorted(wrong))
        self.assertEqual(0, result.returncode, result.stderr)

    def test_scripts_pass_shellcheck(self):
        scripts = [file.path for file in FILES if file.is_script and "bash" in file.lines[0]]
        result = subprocess.run(
            [shutil.which("shellcheck") or self.fail("shellcheck is not installed"), *scripts],
            cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(0, result.returncode, result.stdout)


class Rules(unittest.TestCase):
    """Each rule objects to what it is there for, and to nothing beside it."""

    def test_rule_of_rooms(self):
        def wrong(path, *included):
            return told(include_rules.rule_of_rooms, path,
                        "".join(f"#include {name}\n" for name in included))

        self.assertFalse(wrong("proto/a.cc", "<vector>", '"absl/status/status.h"', '"proto/a.h"'))
        self.assertTrue(wrong("proto/a.cc", '"storage/engine.h"'))
        self.assertTrue(wrong("proto/a.cc", "<grpcpp/grpcpp.h>"))
        self.assertFalse(wrong("storage/rocksdb/a.cc", "<rocksdb/db.h>"))
        self.assertTrue(wrong("storage/a.cc", "<rocksdb/db.h>"))
        self.assertTrue(wrong("storage/a.cc", '"server/registry.h"'))
        self.assertFalse(wrong("server/doors/grpc/a.cc", '"gusu/v1/registry.grpc.pb.h"'))
        self.assertTrue(wrong("server/a.cc", '"gusu/v1/registry.grpc.pb.h"'))
        self.assertTrue(wrong("server/a.cc", "<sys/socket.h>"))
        self.assertTrue(wrong("server/a.cc", '"client/gusu/client.h"'))
        self.assertTrue(wrong("client/a.cc", '"storage/view.h"'))
        self.assertTrue(wrong("client/cli/a.cc", '"gusu/storage/v1/storage.pb.h"'))

    def test_public_headers(self):
        self.assertFalse(told(include_rules.public_headers, "client/gusu/a.h",
                              "#include <string>\n#include \"gusu/status.h\"\n"))
        self.assertTrue(told(include_rules.public_headers, "client/gusu/a.h",
                             "#include \"absl/status/status.h\"\n"))

    def test_heavy_headers(self):
        self.assertTrue(told(include_rules.heavy_headers, "server/a.h",
                             "#include \"gusu/v1/resources.pb.h\"\n"))
        self.assertFalse(told(include_rules.heavy_headers, "server/a.cc",
                              "#include \"gusu/v1/resources.pb.h\"\n"))

    def test_circles(self):
        def circles(**includes):
            return include_rules.circles(
                [tree.File(f"proto/{name}.h", f'#include "proto/{included}.h"\n')
                 for name, included in includes.items()])

        self.assertEqual([], circles(a="b", b="c"))
        self.assertEqual(["proto/a.h -> proto/b.h -> proto/a.h"], circles(a="b", b="a"))

    def test_text(self):
        self.assertTrue(told(text_rules.length, "proto/a.cc", "\n" * (text_rules.LINES_MAX + 1)))
        self.assertFalse(told(text_rules.length, "proto/a.cc", "\n" * text_rules.LINES_MAX))
        self.assertTrue(told(text_rules.finished, "proto/a.cc", "// TO" "DO: the rest\n"))
        self.assertTrue(told(text_rules.any_machine, "proto/a.cc", "open(\"/ro" "ot/x\")\n"))
        self.assertTrue(told(text_rules.clean_lines, "proto/a.cc", "int a; \n"))
        self.assertTrue(told(text_rules.clean_lines, "proto/a.cc", "int a;"))
        self.assertTrue(told(text_rules.headers, "proto/a.h", "#pragma once\n"))
        self.assertTrue(told(text_rules.headers, "proto/a.h", "// A thing.\n"))
        self.assertFalse(told(text_rules.headers, "proto/a.h", "// A thing.\n#pragma once\n"))
        self.assertTrue(told(text_rules.shell, "deploy/a", "#!/usr/bin/env bash\necho\n"))
        self.assertTrue(told(text_rules.links, "a.md", "[a](no/such/file.md)\n"))

    def test_proto_comments(self):
        rule, path = text_rules.proto_comments, "proto/a.proto"
        self.assertTrue(told(rule, path, "message A {\n"))
        self.assertFalse(told(rule, path, "// A thing.\nmessage A {\n"))
        self.assertTrue(told(rule, path, "{\n  repeated gusu.v1.Value values = 1;\n"))
        self.assertFalse(told(rule, path, "  // Its values.\n  repeated Value values = 1;\n"))
        self.assertTrue(told(rule, path, "{\n  rpc Do(A) returns (B);\n"))
        self.assertFalse(told(rule, path, "  ACTIVE = 1;\n"))

    def test_sources_built(self):
        def unbuilt(sources):
            return list(text_rules.sources_built(
                [tree.File("proto/CMakeLists.txt", f"add_library(a {sources})\n"),
                 tree.File("proto/deep/a.cc", "")]))

        self.assertEqual([], unbuilt("deep/a.cc"))
        self.assertEqual(["proto/deep/a.cc: no CMakeLists.txt builds it"], unbuilt("a.cc deep/a.cc2"))


if __name__ == "__main__":
    unittest.main()
