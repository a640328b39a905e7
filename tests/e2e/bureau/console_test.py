"""The bureau signs in, approves, reads, and downloads papers that verify elsewhere.

  console_test.py GUSUD GUSU
"""

import csv
import io
import os
import re
import subprocess
import sys
import unittest
import urllib.parse
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "audit"))
# pylint: disable=wrong-import-position
from browser import Browser
from registry import PREFIX, Registry

ROWS = 40


class Console(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.registry = Registry.enrolled(cls, sys.argv[1], sys.argv[2], ROWS)
        cls.work = os.path.join(cls.registry.directory, "work")
        os.mkdir(cls.work)
        code = f"{PREFIX}/P-1"
        cls.registry.done(cls.registry.enterprise("modify", code, "--set", "name=<b>Valve</b>"))
        cls.registry.done(cls.registry.enterprise("retire", code, "--reason", "scrapped"))
        with open(os.path.join(cls.registry.data, "http.address"), encoding="utf-8") as file:
            cls.address = file.read().strip()
        with open(os.path.join(cls.registry.data, "bureau-admin.token"), encoding="utf-8") as file:
            cls.token = file.read().strip()

    def signed_in(self):
        browser = Browser(self.address)
        start = browser.get("/bureau?lang=en")
        queue = browser.send(start, "/bureau/sign-in", token=self.token)
        self.assertEqual((queue.status, urllib.parse.urlsplit(queue.url).path), (200, "/bureau/review"))
        return browser

    def verify_pack(self, pack):
        """Runs the commands of the pack's own VERIFY.md, as they stand."""
        tools = os.path.join(self.work, "tools")
        os.makedirs(tools, exist_ok=True)
        if not os.path.exists(os.path.join(tools, "gusu")):
            os.symlink(sys.argv[2], os.path.join(tools, "gusu"))
        with open(os.path.join(pack, "VERIFY.md"), encoding="utf-8") as file:
            script = "\n".join(re.findall(r"^```sh[^\n]*\n(.*?)^```", file.read(), re.S | re.M))
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=pack, capture_output=True, text=True,
            env={**os.environ, "PATH": tools + os.pathsep + os.environ["PATH"]}, check=False)

    def test_an_applicant_is_approved_and_the_registry_has_it(self):
        registry, claim = self.registry, os.path.join(self.work, "claim")
        registry.done(registry.anybody("registrant", "apply", "sz-fans", "--name", "苏州风机",
                                       "--organization-code", "91320594MA1MGHJK9T",
                                       "--claim-file", claim))
        browser = self.signed_in()
        queue = browser.get("/bureau/review?lang=en")
        self.assertIn("苏州风机", queue.page.text)
        page = browser.get("/bureau/registrants/sz-fans?lang=en")
        done = browser.send(page, "/bureau/registrants/sz-fans", decision="approve", reason="papers seen")
        self.assertEqual(done.status, 200)
        self.assertIn("Approved.", done.page.text)
        self.assertIn("ACTIVE", registry.done(registry.bureau("registrant", "show", "sz-fans")))
        self.assertNotIn("苏州风机", browser.get("/bureau/review?lang=en").page.text)

    def test_evidence_from_the_console_verifies_by_the_commands_that_it_brings(self):
        browser, pack = self.signed_in(), os.path.join(self.work, "pack")
        page = browser.get(f"/bureau/codes?code={PREFIX}%2Fp-1&lang=en")
        self.assertNotIn(b"<b>Valve", page.body)
        link = next(link for link in page.page.links if link.startswith("/bureau/evidence"))
        answer = browser.get(link)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(answer.body)) as file:
            self.assertIsNone(file.testzip())
            file.extractall(pack)
        ended = self.verify_pack(pack)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertIn("all revisions are under the root", ended.stdout)
        with open(os.path.join(pack, "vkey"), encoding="utf-8") as file:
            self.assertEqual(file.readline().strip(), self.registry.vkey())

        proof = os.path.join(pack, "revisions", "2.json")
        with open(proof, encoding="utf-8") as file:
            changed = file.read().replace('"opening":"AQ', '"opening":"AR')
        with open(proof, "w", encoding="utf-8") as file:
            file.write(changed)
        self.assertNotEqual(self.verify_pack(pack).returncode, 0)

    def test_the_consoles_pack_has_the_files_of_the_command_line(self):
        browser, mine = self.signed_in(), os.path.join(self.work, "mine.zip")
        self.registry.done(self.registry.bureau("audit", "evidence", f"{PREFIX}/P-1", "--out", mine))
        with zipfile.ZipFile(mine) as file:
            made = {info.filename: file.read(info) for info in file.infolist()}
        with zipfile.ZipFile(io.BytesIO(browser.get(f"/bureau/evidence?code={PREFIX}%2FP-1").body)) as file:
            served = {info.filename: file.read(info) for info in file.infolist()}
        self.assertEqual(list(made), list(served))
        self.assertEqual(made["VERIFY.md"], served["VERIFY.md"])
        self.assertEqual(made["vkey"], served["vkey"])

    def test_the_report_counts_what_the_command_line_proves(self):
        registry, browser = self.registry, self.signed_in()
        path = os.path.join(self.work, "report.csv")
        # Whole days of the registry's zone, of which the last is not over.
        leaves = int(re.search(r"(\d+)", registry.done(registry.anybody("audit", "checkpoint")).split("\n")[1])[1])
        registry.published(leaves)
        registry.done(registry.bureau("audit", "report", "--from", "2026-01-01", "--to", "2035-01-01",
                                      "--csv", path))
        served = browser.get("/bureau/report.csv?from=2026-01-01&to=2034-12-31").body
        with open(path, "rb") as file:
            proven = file.read()

        def counts(table):
            rows = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
            return [(row["section"], row["key"], row["name"], row["measure"], row["from"], row["to"],
                     row["count"]) for row in rows if row["section"] in ("day", "district", "industry", "registrant")]

        self.assertEqual(counts(served), counts(proven))
        self.assertGreater(len(counts(proven)), 10)

    def test_charts_and_days_show_what_was_registered(self):
        browser = self.signed_in()
        charts = browser.get("/bureau/charts?lang=en")
        self.assertIn("Suzhou Pumps", charts.page.text)
        self.assertIn(b"<svg", charts.body)
        day = browser.get(f"/bureau/days?prefix={PREFIX}&lang=en")
        self.assertIn(f"{PREFIX}/P-39", day.page.text)

    def test_a_session_of_another_start_counts_no_more(self):
        registry = self.registry
        browser = self.signed_in()
        registry.stop()
        registry.start()
        with open(os.path.join(registry.data, "http.address"), encoding="utf-8") as file:
            type(self).address = file.read().strip()
        browser.origin = f"http://{self.address}"
        answer = browser.get("/bureau/review")
        self.assertEqual(urllib.parse.urlsplit(answer.url).path, "/bureau")
        self.assertIn("token", [name for form in answer.page.forms for name in form.fields])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
