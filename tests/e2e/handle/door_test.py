"""An existing Handle client meets a registry: it resolves, is challenged, creates, changes, lists and deletes.

    door_test.py GUSUD GUSU
"""

import base64
import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "audit"))

import wire  # noqa: E402
from client import RESOLVE_FLAGS, Client, SecretKey  # noqa: E402
from registry import PREFIX, Registry  # noqa: E402
from wire import Value  # noqa: E402

GUSUD, GUSU = sys.argv[1:3]
HANDLES = 1_000
TRANSPORTS = ("over_udp", "over_tcp")


def shown(answer):
    """Code and values of an answer, without times."""
    if answer.code != wire.SUCCESS:
        return answer.code
    _, values = wire.read_values(answer.body)
    return [(value.index, value.type, value.data, value.permissions) for value in values]


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A registry with administration on, an enterprise with records, and its secret key."""
        cls.registry = Registry.enrolled(cls, GUSUD, GUSU, HANDLES, "--handle-admin", "on")
        with open(os.path.join(cls.registry.data, "handle.address"), encoding="utf-8") as file:
            host, port = file.read().strip().rsplit(":", 1)
        cls.client = Client(host, int(port))
        cls.old_client = Client(host, int(port), version=(2, 3))
        cls.key = cls.make_key()

    @classmethod
    def make_key(cls):
        """A secret key of the enterprise: the secret stays here, the server says whose it is."""
        path = os.path.join(cls.registry.directory, "handle.secret")
        created = json.loads(cls.registry.done(cls.registry.anybody(
            "--json", "credential", "create", "--claim-file", os.path.join(cls.registry.directory, "claim"),
            "--handle-secret-file", path)))
        index, handle = created["credential"]["handle_identity"].split(":", 1)
        with open(path, "rb") as file:
            return SecretKey(handle, int(index), file.readline().strip())

    def values(self, administrator=None, index=None):
        """What a handle of these tests is created with."""
        return [Value(1, "URL", b"https://sz-pumps.example/1"), Value(2, "DESC", "泵".encode()),
                Value(3, "PRICE", b"4711", wire.PRIVATE),
                wire.admin_value(100, administrator or self.key.handle, index or self.key.index)]

    def resolves_to(self, expected, handle, **asked):
        for over in TRANSPORTS:
            self.assertEqual(expected, shown(self.client.resolve(handle, over=over, **asked)), over)

    # ------------------------------------------------------------------------------------ reading

    def test_what_is_registered_is_read_over_udp_and_tcp(self):
        handle = f"{PREFIX}/p-7"  # as asked, whatever its case
        answers = [client.resolve(handle, over=over) for over in TRANSPORTS
                   for client in (self.client, self.old_client)]
        for answer in answers:
            self.assertEqual(wire.SUCCESS, answer.code)
            self.assertEqual(((2, 11), (2, 11)), (answer.envelope.version, answer.envelope.suggested))
            self.assertEqual(wire.AUTHORITATIVE | RESOLVE_FLAGS, answer.message.flags)
            self.assertEqual(answers[0].body, answer.body)
        told, values = wire.read_values(answers[0].body)
        self.assertEqual(handle, told)
        self.assertEqual([("name", b"Pump"), ("model", b"HP-7")],
                         [(value.type, value.data) for value in values if value.type in ("name", "model")])
        for value in values:
            self.assertEqual((wire.PUBLIC, 86_400, 0, ()),
                             (value.permissions, value.ttl, value.ttl_type, value.references))
            self.assertGreater(value.timestamp_s, 1_700_000_000)
        model = next(value for value in values if value.type == "model")
        expected = [(model.index, "model", b"HP-7", wire.PUBLIC)]
        self.resolves_to(expected, handle, indexes=[model.index])
        self.resolves_to(expected, handle, types=["MODEL"])
        self.resolves_to(expected, handle, indexes=[model.index, 77], types=["EMAIL"])
        self.resolves_to(expected, handle, types=["model"], flags=RESOLVE_FLAGS | wire.RETURN_DIGEST)

    def test_what_cannot_be_answered_has_the_protocols_codes(self):
        self.resolves_to(wire.VALUES_NOT_FOUND, f"{PREFIX}/P-7", types=["EMAIL"])
        self.resolves_to(wire.HANDLE_NOT_FOUND, f"{PREFIX}/NOPE")
        self.resolves_to(wire.NOT_RESPONSIBLE, "99.999/X")
        self.resolves_to(wire.INVALID_HANDLE, "no-prefix")
        for over in TRANSPORTS:
            refused = self.client.resolve("99.999/X", over=over, flags=RESOLVE_FLAGS | wire.RETURN_DIGEST)
            self.assertEqual("That prefix doesn't live here", refused.text())
            unknown = getattr(self.client, over)(self.client.request(4711, wire.octets("x")))
            self.assertEqual(wire.NOT_SUPPORTED, unknown.code)
            cut = getattr(self.client, over)(self.client.request(wire.RESOLVE, b"\0\0\0\xff1"))
            self.assertEqual(wire.PROTOCOL_ERROR, cut.code)

    def test_bytes_behind_a_request_are_passed_over(self):
        body = wire.resolve_body(f"{PREFIX}/P-7", types=["model"]) + wire.octets(b"more")
        for over in TRANSPORTS:
            answer = getattr(self.client, over)(self.client.request(wire.RESOLVE, body, RESOLVE_FLAGS))
            self.assertEqual([b"HP-7"], [value[2] for value in shown(answer)])

    def test_the_site_says_where_the_server_is(self):
        for over in TRANSPORTS:
            answer = getattr(self.client, over)(self.client.request(wire.SITE_INFO, wire.octets("/")))
            site = wire.read_site(answer.body)
            self.assertEqual((site["serial"], True), (answer.message.site_serial, site["is_primary"]))
            [(_, address, key, interfaces)] = site["servers"]
            self.assertEqual(bytes(12) + bytes([127, 0, 0, 1]), address)
            self.assertEqual("RSA_PUB_KEY", wire.Reader(key).text())
            self.assertEqual({0, 1}, {protocol for _, protocol, _ in interfaces})
            self.assertEqual({self.client.address[1]}, {port for _, _, port in interfaces})
        sites = self.client.resolve(f"0.NA/{PREFIX}", types=["HS_SITE"])
        [(_, _, data, _)] = shown(sites)
        self.assertEqual(answer.body, data)

    def test_the_files_for_clients_say_the_same_in_json_and_in_bytes(self):
        directory = os.path.join(self.registry.directory, "site")
        self.registry.done(self.registry.bureau("handle", "site-info", "--out", directory))

        def read(name):
            with open(os.path.join(directory, name), "rb") as file:
                return file.read()

        site = wire.read_site(read("siteinfo.bin"))
        [(identifier, _, key, interfaces)] = site["servers"]
        self.assertEqual(read("pubkey.bin"), key)
        answer = self.client.over_tcp(self.client.request(wire.SITE_INFO, wire.octets("/")))
        self.assertEqual(answer.body, read("siteinfo.bin"))
        told = json.loads(read("siteinfo.json"))
        self.assertEqual((site["serial"], True, "2.11"),
                         (told["serialNumber"], told["primarySite"], told["protocolVersion"]))
        [server] = told["servers"]
        self.assertEqual((identifier, "127.0.0.1"), (server["serverId"], server["address"]))
        names = {0: "UDP", 1: "TCP"}
        self.assertEqual(
            [{"query": bool(purposes & 2), "admin": bool(purposes & 1), "protocol": names[protocol], "port": port}
             for purposes, protocol, port in interfaces], server["interfaces"])
        reader = wire.Reader(key)
        self.assertEqual(("RSA_PUB_KEY", b"\0\0"), (reader.text(), reader.take(2)))
        numbers = [int.from_bytes(reader.octets(), "big") for _ in range(2)]
        jwk = server["publicKey"]["value"]
        self.assertEqual(("key", "RSA"), (server["publicKey"]["format"], jwk["kty"]))
        self.assertEqual(numbers, [int.from_bytes(base64.urlsafe_b64decode(jwk[name] + "=="), "big")
                                   for name in ("e", "n")])

    def test_requests_of_several_packets_and_answers_of_several_are_put_together(self):
        types = [f"NOT_THERE_{number}" for number in range(100)] + ["model"]
        self.resolves_to([(2002, "model", b"HP-7", wire.PUBLIC)], f"{PREFIX}/P-7", types=types)
        handle = f"{PREFIX}/LONG"
        values = [Value(index, "DESC", bytes([index]) * 400) for index in range(1, 11)]
        self.assertEqual(wire.SUCCESS, self.client.create(self.key, handle, values).code)
        self.resolves_to([(value.index, "DESC", value.data, wire.PUBLIC) for value in values], handle)

    # ------------------------------------------------------------------------------ administration

    def test_a_handle_is_created_changed_deleted_and_created_again(self):
        client, key, handle = self.client, self.key, f"{PREFIX}/LIFE-1"
        self.resolves_to(wire.HANDLE_NOT_FOUND, handle)
        self.assertEqual(wire.HANDLE_NOT_FOUND, client.delete(key, handle).code)
        created = client.create(key, handle, self.values())
        self.assertEqual((wire.SUCCESS, handle), (created.code, wire.Reader(created.body).text()))
        url, description, price, administrator = [
            (value.index, value.type, value.data, value.permissions) for value in self.values()]
        self.resolves_to([url, description, administrator], handle)
        self.assertEqual(wire.HANDLE_EXISTS, client.create(key, handle, self.values()).code)

        new_url = Value(1, "URL", b"https://sz-pumps.example/new")
        email = Value(4, "EMAIL", b"pumps@sz-pumps.example")
        self.assertEqual(wire.SUCCESS, client.modify(key, handle, [new_url]).code)
        self.assertEqual(wire.VALUES_NOT_FOUND, client.modify(key, handle, [Value(77, "URL", b"x")]).code)
        self.assertEqual(wire.SUCCESS, client.add(key, handle, [email]).code)
        self.assertEqual(wire.VALUE_EXISTS, client.add(key, handle, [email]).code)
        self.assertEqual(wire.SUCCESS, client.remove(key, handle, [2]).code)
        self.assertEqual(wire.VALUES_NOT_FOUND, client.remove(key, handle, [2]).code)
        changed = {(1, "URL", new_url.data, wire.PUBLIC), (4, "EMAIL", email.data, wire.PUBLIC), administrator}
        for over in TRANSPORTS:
            self.assertEqual(changed, set(shown(client.resolve(handle, over=over))))

        self.assertEqual(wire.SUCCESS, client.delete(key, handle).code)
        self.resolves_to(wire.HANDLE_NOT_FOUND, handle)
        self.assertEqual(wire.HANDLE_NOT_FOUND, client.delete(key, handle).code)
        self.assertEqual(wire.HANDLE_NOT_FOUND, client.modify(key, handle, [new_url]).code)
        self.assertEqual(wire.SUCCESS, client.create(key, handle, self.values()[:1]).code)
        self.resolves_to([url], handle)

    def test_what_is_not_public_is_shown_to_its_administrator(self):
        client, key, handle = self.client, self.key, f"{PREFIX}/PRICED"
        self.assertEqual(wire.SUCCESS, client.create(key, handle, self.values()).code)
        self.resolves_to(wire.VALUES_NOT_FOUND, handle, indexes=[3])
        body = wire.resolve_body(handle, indexes=[3])
        flags = RESOLVE_FLAGS & ~wire.PUBLIC_ONLY
        self.assertEqual(wire.AUTHENTICATION_NEEDED, client.resolve(handle, indexes=[3], flags=flags).code)
        [answer] = client.administer(key, wire.RESOLVE, body, flags)
        self.assertEqual([(3, "PRICE", b"4711", wire.PRIVATE)], shown(answer))

    def test_all_handles_of_a_prefix_are_listed_in_messages_of_fifty(self):
        self.assertEqual(wire.SUCCESS, self.client.create(self.key, f"{PREFIX}/GONE", self.values()).code)
        self.assertEqual(wire.SUCCESS, self.client.delete(self.key, f"{PREFIX}/GONE").code)
        answers = self.client.list(self.key, PREFIX)
        self.assertEqual({wire.SUCCESS}, {answer.code for answer in answers})
        pages = [wire.read_handles(answer.body) for answer in answers]
        self.assertTrue(all(len(page) == 50 for page in pages[:-1]), [len(page) for page in pages])
        listed = [handle.upper() for page in pages for handle in page]
        self.assertEqual(len(listed), len(set(listed)))
        self.assertLessEqual({f"{PREFIX}/P-{number}" for number in range(HANDLES)}, set(listed))
        self.assertNotIn(f"{PREFIX}/GONE", listed)
        self.assertEqual(1, len({answer.envelope.request_id for answer in answers}))

    def test_a_handle_is_overwritten_and_a_suffix_minted(self):
        client, key = self.client, self.key
        handle = f"{PREFIX}/OVER"
        self.assertEqual(wire.SUCCESS, client.create(key, handle, self.values()).code)
        other = [Value(9, "DESC", b"other")]
        self.assertEqual(wire.SUCCESS, client.create(key, handle, other, wire.OVERWRITE).code)
        self.resolves_to([(9, "DESC", b"other", wire.PUBLIC)], handle)
        minted = [wire.Reader(client.create(key, f"{PREFIX}/M-", other, wire.MINT).body).text() for _ in range(2)]
        self.assertNotEqual(*minted)
        for handle in minted:
            self.assertRegex(handle, rf"^{PREFIX}/M-[0-9A-Fa-f-]{{36}}$")
            self.resolves_to([(9, "DESC", b"other", wire.PUBLIC)], handle)

    # ------------------------------------------------------------------------------------ refusals

    def test_nothing_is_written_for_who_proves_nothing(self):
        client, handle = self.client, f"{PREFIX}/UNPROVEN"
        body = wire.values_body(handle, self.values())
        for key in (SecretKey(self.key.handle, self.key.index, b"not the secret at all"),
                    SecretKey(self.key.handle, 4711, self.key.secret),
                    SecretKey(f"{PREFIX}/NOPE", self.key.index, self.key.secret),
                    SecretKey("99.999/ADMIN", self.key.index, self.key.secret)):
            self.assertEqual(wire.AUTHENTICATION_FAILED, client.create(key, handle, self.values()).code)
        challenge = client.challenged(client.request(wire.CREATE, body))
        self.assertEqual(wire.AUTHENTICATION_NEEDED, challenge.code)
        proof = client.proof(challenge, self.key)
        self.assertEqual(wire.SESSION_TIMEOUT, client.over_tcp(proof).code)  # of no challenge
        self.assertEqual(wire.SESSION_TIMEOUT, client.over_tcp(proof, challenge.envelope.session_id ^ 1).code)
        self.resolves_to(wire.HANDLE_NOT_FOUND, handle)
        self.assertEqual(wire.SUCCESS, client.over_tcp(proof, challenge.envelope.session_id).code)
        # Spent: the same answer does not delete, or create, a second time.
        self.assertEqual(wire.SESSION_TIMEOUT, client.over_tcp(proof, challenge.envelope.session_id).code)

    def test_an_answer_to_another_challenge_is_refused_and_spends_it(self):
        client, handle = self.client, f"{PREFIX}/CROSSED"
        create = client.request(wire.CREATE, wire.values_body(handle, self.values()))
        first, second = client.challenged(create), client.challenged(create)
        self.assertNotEqual(first.nonce(), second.nonce())
        crossed = client.proof(first, self.key)
        for code in (wire.AUTHENTICATION_FAILED, wire.SESSION_TIMEOUT):
            self.assertEqual(code, client.over_tcp(crossed, second.envelope.session_id).code)
        self.resolves_to(wire.HANDLE_NOT_FOUND, handle)

    def test_a_handle_is_changed_only_by_those_that_it_names(self):
        client, key = self.client, self.key
        handle = f"{PREFIX}/THEIRS"
        theirs = self.values(f"{PREFIX}/OTHER", 300)
        self.assertEqual(wire.SUCCESS, client.create(key, handle, theirs).code)
        self.assertEqual(wire.INVALID_ADMIN, client.modify(key, handle, [Value(1, "URL", b"x")]).code)
        self.assertEqual(wire.INVALID_ADMIN, client.delete(key, handle).code)
        readonly = f"{PREFIX}/READONLY"
        values = [Value(1, "URL", b"a"), wire.admin_value(100, key.handle, key.index, 0x0400)]
        self.assertEqual(wire.SUCCESS, client.create(key, readonly, values).code)
        self.assertEqual(wire.INSUFFICIENT_PERMISSIONS,
                         client.modify(key, readonly, [Value(1, "URL", b"x")]).code)
        self.resolves_to([(1, "URL", b"a", wire.PUBLIC)], readonly, indexes=[1])

    def test_what_is_wrong_before_a_challenge_is_said_at_once(self):
        def refused(operation, body):
            return self.client.over_tcp(self.client.request(operation, body)).code

        one = [Value(1, "URL", b"x")]
        self.assertEqual(wire.NOT_RESPONSIBLE, refused(wire.CREATE, wire.values_body("99.999/X", one)))
        self.assertEqual(wire.NOT_RESPONSIBLE, refused(wire.LIST, wire.octets("0.NA/99.999")))
        self.assertEqual(wire.INVALID_HANDLE, refused(wire.CREATE, wire.values_body("no-prefix", one)))
        self.assertEqual(wire.HANDLE_EXISTS, refused(wire.CREATE, wire.values_body(f"{PREFIX}/P-7", one)))
        self.assertEqual(wire.HANDLE_NOT_FOUND, refused(wire.DELETE, wire.octets(f"{PREFIX}/NOPE")))
        secret = [Value(300, "HS_SECKEY", b"my secret", wire.PRIVATE)]
        self.assertEqual(wire.INVALID_VALUE, refused(wire.CREATE, wire.values_body(f"{PREFIX}/SECRET", secret)))
        self.assertEqual(wire.PROTOCOL_ERROR, refused(wire.CREATE, b"\0\0\0\x051/2"))
        self.assertEqual(wire.NOT_SUPPORTED, refused(wire.SESSION_SETUP, bytes(18)))
        over_udp = self.client.over_udp(
            self.client.request(wire.CREATE, wire.values_body(f"{PREFIX}/UDP", one)))
        self.assertEqual(wire.NOT_SUPPORTED, over_udp.code)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
