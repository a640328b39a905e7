"""The client against traffic that a reference server and its clients exchanged.

    python3 tests/e2e/handle/client_test.py
"""

import hashlib
import unittest

import wire
from client import secret_answer
from wire import Envelope, Message, Value

EXPIRATION_S = 0x6b0464ff
REQUEST = bytes.fromhex(
    "0203020b0000000011223344000000000000003a"
    "000000010000000019000000ffff00006b0464ff0000001e"
    "0000001238382e3131382e382f414243303030313233000000000000000000000000")
REPLY = bytes.fromhex(
    "020b020b00000000112233440000000000000109"
    "000000010000000199000000000100006b0464ff000000ed"
    "0000001238382e3131382e382f41424330303031323300000003"
    "000000016b03baa100000151800e0000000355524c00000038"
    "68747470733a2f2f72656769737472792e6578616d706c652e636f6d2f70726f64756374732f38382e3131382e382f414243303030313233"
    "00000000"
    "000000026b03baa100000151800e000000044445534300000026"
    "4879647261756c69632070756d70206d6f64656c2048502d3132332073657269616c2031323300000000"
    "000000646b03baa100000151800e0000000848535f41444d494e000000180fff0000000e38382e3131382e382f41444d494e0000012c"
    "0000000000000000")
NOT_RESPONSIBLE = bytes.fromhex(
    "020b020b0000000011223344000000000000003d"
    "000000010000012d99000000000100006b04650100000021"
    "0000001d546861742070726566697820646f65736e2774206c697665206865726500000000")
CHALLENGE = bytes.fromhex(
    "020b020b0000000b249c69d10000000000000051"
    "000000640000019299800000000100006b04650200000035"
    "03651894f9271502cb1ba891368c26badee60774e9143c315bff6aef8015b947c8"
    "00000010adb713184ba008dfb97e1e7479c00b4000000000")
CHALLENGE_ANSWER = bytes.fromhex(
    "0000000948535f5345434b45590000000e38382e3131382e382f41444d494e0000012d00000035"
    "220000001099b5a71ffa728e0b6e510cb1377de24e00002710000000a0"
    "00000014b844432392c9e1086e7b465044c8dfa31672a4a8")
STAMP_S, TTL_S = 0x6b03baa1, 86_400


class Captured(unittest.TestCase):
    def test_a_request_is_encoded_as_clients_of_the_field_do(self):
        message = Message(wire.RESOLVE, wire.resolve_body("88.118.8/ABC000123"), 0x19000000,
                          expiration_s=EXPIRATION_S)
        envelope = Envelope(0, 0x11223344, 0, len(message.encode()), version=(2, 3))
        self.assertEqual(REQUEST, envelope.encode() + message.encode())
        self.assertEqual(message, Message.decode(REQUEST[Envelope.SIZE:]))

    def test_an_answer_is_read_value_by_value(self):
        envelope = Envelope.decode(REPLY)
        self.assertEqual(Envelope(0, 0x11223344, 0, len(REPLY) - Envelope.SIZE), envelope)
        message = Message.decode(REPLY[Envelope.SIZE:])
        self.assertEqual((wire.RESOLVE, wire.SUCCESS, 0x99000000), (message.operation, message.code, message.flags))
        handle, values = wire.read_values(message.body)
        self.assertEqual("88.118.8/ABC000123", handle)
        expected = [
            Value(1, "URL", b"https://registry.example.com/products/88.118.8/ABC000123", timestamp_s=STAMP_S),
            Value(2, "DESC", b"Hydraulic pump model HP-123 serial 123", timestamp_s=STAMP_S),
            wire.admin_value(100, "88.118.8/ADMIN", 300)]
        expected[2].timestamp_s = STAMP_S
        self.assertEqual(expected, values)
        self.assertEqual(message.body, wire.values_body(handle, values))
        self.assertEqual(REPLY[Envelope.SIZE:], message.encode())

    def test_a_refusal_has_a_text(self):
        message = Message.decode(NOT_RESPONSIBLE[Envelope.SIZE:])
        self.assertEqual(wire.NOT_RESPONSIBLE, message.code)
        self.assertEqual("That prefix doesn't live here", wire.Reader(message.body).text())

    def test_a_challenge_is_answered_with_the_captured_bytes(self):
        message = Message.decode(CHALLENGE[Envelope.SIZE:])
        self.assertEqual(wire.AUTHENTICATION_NEEDED, message.code)
        (algorithm, digest), rest = message.split_digest()
        nonce = wire.Reader(rest).octets()
        self.assertEqual(("sha256", 32, 16), (algorithm, len(digest), len(nonce)))
        salt = bytes.fromhex("99b5a71ffa728e0b6e510cb1377de24e")
        key = hashlib.pbkdf2_hmac("sha1", b"secret301", salt, 10_000, 20)
        signed = secret_answer(key, salt, 10_000, nonce, digest)
        self.assertEqual(CHALLENGE_ANSWER, wire.octets("HS_SECKEY") + wire.octets("88.118.8/ADMIN")
                         + wire.number(301) + wire.octets(signed))

    def test_what_is_cut_off_is_refused(self):
        for end in range(Envelope.SIZE, len(REPLY) - 4):
            with self.subTest(end=end), self.assertRaises(wire.Malformed):
                Message.decode(REPLY[Envelope.SIZE:end])


if __name__ == "__main__":
    unittest.main()
