"""A client of the Handle JSON API meets a registry: over TLS and from the server's own machine.

    rest_test.py GUSUD GUSU
"""

import base64
import hmac
import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "audit"))

import wire  # noqa: E402
from client import RESOLVE_FLAGS, Client  # noqa: E402
from registry import PREFIX, Registry  # noqa: E402
from rest_client import AlreadyExists, NotAuthenticated, NotFound, Refused, RestClient  # noqa: E402

GUSUD, GUSU = sys.argv[1:3]
HANDLES = 250
HANDLE = f"{PREFIX}/REST-1"
MISSING = f"{PREFIX}/07e1fbf3-2b72-430a-a035-8584d4eada41"
MESSAGE = "application/x-hdl-message"


class Rest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A registry, an enterprise with records, and the secret of its identity."""
        cls.registry = Registry.enrolled(cls, GUSUD, GUSU, HANDLES)
        with open(os.path.join(cls.registry.data, "http.address"), encoding="utf-8") as file:
            cls.address = file.read().strip()
        cls.ca_file = os.path.join(cls.registry.data, "tls", "ca.crt")
        cls.identity, cls.secret = cls.make_identity()

    @classmethod
    def make_identity(cls):
        """Another identity of the enterprise: its name, and its secret."""
        path = os.path.join(cls.registry.directory, "handle.secret")
        if os.path.exists(path):
            os.remove(path)
        created = json.loads(cls.registry.done(cls.registry.anybody(
            "--json", "credential", "create", "--claim-file", os.path.join(cls.registry.directory, "claim"),
            "--handle-secret-file", path)))
        with open(path, encoding="utf-8") as file:
            return created["credential"]["handle_identity"], file.readline().strip()

    def client(self, identity=None, secret=None, **more):
        client = RestClient(self.address, self.ca_file, identity or self.identity, secret or self.secret,
                            **{"owner": self.identity, **more})
        self.addCleanup(client.close)
        return client

    def reader(self):
        client = RestClient(self.address, self.ca_file)
        self.addCleanup(client.close)
        return client

    def setUp(self):
        """The record that the cases change: whatever the last one left of it is overwritten."""
        self.rest = self.client()
        self.rest.put(HANDLE, [self.administrator(), *(
            {"index": index, "type": key, "data": {"format": "string", "value": data}}
            for index, key, data in ((111, "TEST1", "val1"), (2222, "TEST2", "val2"), (333, "TEST3", "val3"),
                                     (4, "TEST4", "val4")))], overwrite=True)

    def administrator(self, handle=None, index=300, permissions="011111110011"):
        return {"index": 100, "type": "HS_ADMIN", "data": {"format": "admin", "value": {
            "handle": handle or self.identity.split(":", 1)[1], "index": index, "permissions": permissions}}}

    def types(self, handle=HANDLE):
        return {value["type"]: value["data"]["value"] for value in self.rest.record(handle)
                if value["type"] != "HS_ADMIN"}

    # ------------------------------------------------------------------------------------ reading

    def test_a_record_has_its_values_in_their_order(self):
        self.assertEqual(
            [(100, "HS_ADMIN"), (111, "TEST1"), (2222, "TEST2"), (333, "TEST3"), (4, "TEST4")],
            [(value["index"], value["type"]) for value in self.reader().record(HANDLE)])
        self.assertEqual("val3", self.reader().value(HANDLE, "TEST3"))
        self.assertIsNone(self.reader().value(HANDLE, "TEST100"))
        for value in self.reader().record(HANDLE):
            self.assertEqual({"index", "type", "data", "ttl", "timestamp"}, set(value))
            self.assertRegex(value["timestamp"], r"^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_what_is_not_there_is_not_found(self):
        self.assertIsNone(self.reader().record(MISSING))
        with self.assertRaises(NotFound):
            self.reader().value(MISSING, "URL")
        status, answer = self.reader().get("99.999/X")
        self.assertEqual((400, 301), (status, answer["responseCode"]))

    def test_a_client_begins_with_an_identity_that_is_there_whatever_its_secret(self):
        self.client(secret="wrong")
        with self.assertRaises(NotFound):
            self.client(identity=f"300:{MISSING}")

    def test_a_client_that_is_set_to_another_path_finds_the_protocols_code_there_too(self):
        for path, code in (("foo/foo/foo/" + HANDLE, 301), (MISSING, 100)):
            status, _, body = self.reader().send("GET", f"/{path}", {"Accept": "application/json"})
            answer = json.loads(body)
            self.assertEqual((404, code, 5), (status, answer["responseCode"], answer["code"]))

    # ------------------------------------------------------------------------------------ writing

    def test_values_are_modified_and_those_that_are_missing_added(self):
        self.assertEqual(HANDLE, self.rest.modify(HANDLE, TEST4="newvalue"))
        self.assertEqual({"TEST1": "val1", "TEST2": "val2", "TEST3": "val3", "TEST4": "newvalue"}, self.types())
        self.rest.modify(HANDLE, TEST4="new4", TEST2="new2", TEST100="new100", URL="https://a.example/")
        self.assertEqual({"TEST1": "val1", "TEST2": "new2", "TEST3": "val3", "TEST4": "new4", "TEST100": "new100",
                          "URL": "https://a.example/"}, self.types())
        with self.assertRaises(NotFound):
            self.rest.modify(MISSING, TEST1="x")

    def test_values_are_deleted(self):
        self.assertEqual(HANDLE, self.rest.delete_values(HANDLE, "TEST1", "TEST100"))
        self.assertEqual({"TEST2", "TEST3", "TEST4"}, set(self.types()))
        self.assertIsNone(self.rest.delete_values(HANDLE, "TEST1"))
        with self.assertRaises(Refused) as refused:
            self.rest.delete(HANDLE, [111])
        self.assertEqual((400, 200), (refused.exception.status, refused.exception.answer["responseCode"]))
        self.assertEqual(HANDLE, self.rest.delete_values(HANDLE, "TEST2", "TEST3"))
        self.assertEqual({"TEST4"}, set(self.types()))

    def test_handles_are_registered_once_and_deleted(self):
        handle = f"{PREFIX}/REST-NEW"
        self.assertEqual(handle, self.rest.register(handle, URL="http://foo.bar", CHECKSUM="123456", FOO="foo"))
        self.assertEqual({"URL": "http://foo.bar", "CHECKSUM": "123456", "FOO": "foo"}, self.types(handle))
        with self.assertRaises(AlreadyExists):
            self.rest.register(handle, URL="http://foo.foo")
        with self.assertRaises(AlreadyExists):
            self.rest.put(handle, [self.administrator()])
        self.assertEqual((200, handle), self.rest.delete(handle))
        self.assertIsNone(self.rest.record(handle))
        with self.assertRaises(NotFound):
            self.rest.delete(handle)
        self.assertEqual((201, handle), self.rest.put(handle, [self.administrator()]))
        self.assertEqual((200, handle), self.rest.delete(handle))

    def test_the_prefixs_own_handle_is_an_administrator(self):
        client = self.client(owner=None)
        handle = client.generate(PREFIX, URL="http://foo.bar")
        self.assertTrue(handle.startswith(PREFIX + "/"))
        administrator = client.record(handle)[0]
        self.assertEqual({"handle": f"0.NA/{PREFIX}", "index": 200, "permissions": "011111110011"},
                         administrator["data"]["value"])
        client.modify(handle, URL="http://bar.foo")
        self.assertEqual("http://bar.foo", client.value(handle, "URL"))
        client.delete(handle)

    def test_a_handle_is_changed_by_whom_it_names_and_by_nobody_elses_administrator(self):
        other = self.client(*self.make_identity())
        with self.assertRaises(Refused) as refused:
            other.modify(HANDLE, TEST1="x")
        self.assertEqual((403, 400), (refused.exception.status, refused.exception.answer["responseCode"]))
        # Of another registry: nobody could prove here to be that one.
        self.rest.put(HANDLE, [self.administrator("21.T14999/B2HANDLE_INTEGRATION_TESTS")], overwrite=True)
        other.modify(HANDLE, TEST1="x")
        self.assertEqual({"TEST1": "x"}, self.types())

    def test_without_a_right_secret_nothing_is_written(self):
        for client in (self.reader(), self.client(secret="wrong")):
            with self.assertRaises(NotAuthenticated):
                client.modify(HANDLE, TEST1="x")
            with self.assertRaises(NotAuthenticated):
                client.delete(HANDLE)
        self.assertEqual("val1", self.types()["TEST1"])

    # ----------------------------------------------------------------------- lists, sessions, doors

    def asked(self, method, target, headers=None, body=None):
        status, told, answer = self.rest.send(method, target, headers, body)
        return status, told, json.loads(answer)

    def test_handles_are_listed_by_page_and_whole(self):
        authorization = {"Authorization": RestClient.basic(self.identity, self.secret)}
        seen = []
        for page in range(4):
            status, _, answer = self.asked("GET", f"/api/handles?prefix={PREFIX}&page={page}&pageSize=100",
                                           authorization)
            self.assertEqual((200, page, 100), (status, answer["page"], answer["pageSize"]))
            self.assertGreaterEqual(int(answer["totalCount"]), HANDLES + 1)
            seen += answer["handles"]
        self.assertEqual(sorted(set(seen)), seen)
        self.assertTrue({f"{PREFIX}/P-{number}" for number in range(HANDLES)} <= set(seen))
        _, _, whole = self.asked("GET", f"/api/handles?prefix={PREFIX}", authorization)
        self.assertEqual(seen, whole["handles"])
        self.assertEqual(401, self.asked("GET", f"/api/handles?prefix={PREFIX}")[0])

    def test_a_session_is_proved_once(self):
        status, headers, session = self.asked("POST", "/api/sessions")
        self.assertEqual((201, "/api/sessions/this"), (status, headers["Location"]))
        nonce, client_nonce = base64.b64decode(session["nonce"]), os.urandom(16)
        mac = hmac.digest(self.secret.encode(), nonce + client_nonce, "sha256")
        encoded = [base64.b64encode(octets).decode() for octets in (client_nonce, mac)]
        proof = (f'Handle version="0", sessionId="{session["sessionId"]}", cnonce="{encoded[0]}", '
                 f'id="{self.identity.replace(":", "%3A")}", type="HS_SECKEY", alg="HMAC-SHA256", '
                 f'signature="{encoded[1]}"')
        later = {"Authorization": f'Handle version="0", sessionId="{session["sessionId"]}"'}
        value = json.dumps({"index": 111, "type": "TEST1", "data": "by session"})
        for authorization in ({"Authorization": proof}, later):
            status, _, _ = self.asked("PUT", RestClient.target(HANDLE, ["various"]),
                                      {**authorization, "Content-Type": "application/json"}, value)
            self.assertEqual(200, status)
        self.assertEqual("by session", self.types()["TEST1"])
        self.assertEqual(self.identity, self.asked("GET", "/api/sessions/this", later)[2]["id"])
        self.assertEqual(200, self.asked("DELETE", "/api/sessions/this", later)[0])
        self.assertEqual(401, self.asked("GET", "/api/sessions/this", later)[0])

    def test_the_servers_own_machine_needs_no_tls(self):
        client = RestClient(self.address, identity=self.identity, secret=self.secret, owner=self.identity)
        self.addCleanup(client.close)
        client.modify(HANDLE, TEST2="plain")
        self.assertEqual("plain", self.types()["TEST2"])

    def test_a_message_of_the_protocol_is_answered_as_over_tcp(self):
        with open(os.path.join(self.registry.data, "handle.address"), encoding="utf-8") as file:
            host, port = file.read().strip().rsplit(":", 1)
        client = Client(host, int(port))
        request = client.request(wire.RESOLVE, wire.resolve_body(HANDLE, types=["TEST4"]), RESOLVE_FLAGS)
        payload = request.encode()
        envelope = client._envelope(payload)
        status, headers, body = self.rest.send("POST", "/", {"Content-Type": MESSAGE, "Accept": MESSAGE},
                                               envelope.encode() + payload)
        self.assertEqual((200, MESSAGE), (status, headers["Content-Type"]))
        answer = wire.Message.decode(body[wire.Envelope.SIZE:])
        self.assertEqual(client.over_tcp(request).body, answer.split_digest()[1])

    def test_scripts_of_other_sites_may_read_and_are_told_so(self):
        _, headers, _ = self.rest.send("GET", RestClient.target(HANDLE), {"Origin": "https://a.example"})
        self.assertEqual("*", headers["Access-Control-Allow-Origin"])
        status, headers, _ = self.rest.send("OPTIONS", RestClient.target(HANDLE), {
            "Origin": "https://a.example", "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization, content-type"})
        self.assertEqual(204, status)
        for method in ("GET", "POST", "HEAD", "PUT", "DELETE"):
            self.assertIn(method, headers["Access-Control-Allow-Methods"])
        for header in ("X-Requested-With", "Authorization", "Origin", "Accept", "Content-Type"):
            self.assertIn(header.lower(), headers["Access-Control-Allow-Headers"].lower())

    def test_long_answers_are_compressed_for_who_takes_that(self):
        status, headers, body = self.rest.send("GET", f"/api/handles/0.NA/{PREFIX}", {"Accept-Encoding": "gzip"})
        self.assertEqual((200, "gzip"), (status, headers["Content-Encoding"]))
        self.assertEqual(b"\x1f\x8b", body[:2])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
