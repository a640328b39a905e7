"""A client of the Handle protocol: asks over UDP or TCP, and answers challenges with a secret key."""

import dataclasses
import hashlib
import hmac
import os
import random
import socket
import time

import wire
from wire import Envelope, Malformed, Message

UDP_TIMES_S = (0.5, 1.0, 1.5)  # how long each copy of a request is waited for
TCP_TIME_MAX_S = 20
EXPIRES_AFTER_S = 12 * 3600
RESOLVE_FLAGS = wire.RECURSIVE | wire.CACHE_CERTIFY | wire.PUBLIC_ONLY


@dataclasses.dataclass
class SecretKey:
    """An administrator: a value HS_SECKEY of a handle, and the secret that only its owner has."""

    handle: str
    index: int
    secret: bytes
    iterations: int = 10_000

    def sign(self, nonce, digest):
        """The answer to a challenge: HMAC-SHA1 under a key that PBKDF2 derives from the secret."""
        salt = os.urandom(16)
        key = hashlib.pbkdf2_hmac("sha1", self.secret, salt, self.iterations, 20)
        return secret_answer(key, salt, self.iterations, nonce, digest)


def secret_answer(key, salt, iterations, nonce, digest):
    return (b"\x22" + wire.octets(salt) + wire.number(iterations) + wire.number(8 * len(key))
            + wire.octets(hmac.digest(key, nonce + digest, "sha1")))


@dataclasses.dataclass
class Answer:
    """What a server said: `code`, and the body behind the request's digest."""

    envelope: Envelope
    message: Message
    digest: object  # (algorithm, bytes), or None
    body: bytes

    @property
    def code(self):
        return self.message.code

    def text(self):
        """Of a refusal."""
        return wire.Reader(self.body).text() if self.body else ""

    def nonce(self):
        reader = wire.Reader(self.body)
        nonce = reader.octets()
        reader.end()
        return nonce


class Client:
    """One server. Each request over TCP goes over a connection of its own, as clients of the field do."""

    def __init__(self, host, port, version=(2, 11)):
        self.address, self.version = (host, port), version

    # --------------------------------------------------------------------------------- transports

    def _envelope(self, payload, session_id=0, request_id=None):
        return Envelope(session_id, request_id or random.randrange(1, 2**31), 0, len(payload), self.version)

    @staticmethod
    def _answer(request, envelope, reply_envelope, octets):
        """Checks that it is an answer to the request."""
        message = Message.decode(octets)
        if reply_envelope.request_id != envelope.request_id:
            raise Malformed(f"an answer to request {reply_envelope.request_id}")
        if request.operation != wire.CHALLENGE_ANSWER and message.operation != request.operation:
            raise Malformed(f"operation {message.operation} answers {request.operation}")
        if message.code == 0:
            raise Malformed("a request in place of an answer")
        digest, body = message.split_digest()
        return Answer(reply_envelope, message, digest, body)

    def over_udp(self, request, session_id=0):
        """Sends the request in packets, again when no answer comes, and puts the answer's packets together."""
        payload = request.encode()
        envelope = self._envelope(payload, session_id)
        starts = range(0, len(payload), wire.PACKET_DATA_BYTES)
        packets = [dataclasses.replace(envelope, sequence=i, flags=0x20 if len(starts) > 1 else 0).encode()
                   + payload[at:at + wire.PACKET_DATA_BYTES] for i, at in enumerate(starts)]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            channel.connect(self.address)
            for time_s in UDP_TIMES_S:
                for packet in packets:
                    channel.send(packet)
                reply = self._collect(channel, envelope, time.monotonic() + time_s)
                if reply is not None:
                    return self._answer(request, envelope, *reply)
        raise TimeoutError(f"no answer over UDP from {self.address}")

    @staticmethod
    def _collect(channel, envelope, deadline):
        parts = {}
        while (left := deadline - time.monotonic()) > 0:
            channel.settimeout(left)
            try:
                packet = channel.recv(wire.PACKET_BYTES_MAX)
            except TimeoutError:
                break
            reply = Envelope.decode(packet)
            if reply.request_id != envelope.request_id:
                continue
            parts[reply.sequence] = packet[Envelope.SIZE:]
            count = max(1, -(-reply.message_bytes // wire.PACKET_DATA_BYTES))
            if len(parts) == count:
                return reply, b"".join(parts[i] for i in range(count))
        return None

    def over_tcp(self, request, session_id=0):
        return self.all_over_tcp(request, session_id)[-1]

    def all_over_tcp(self, request, session_id=0):
        """All messages of the answer: several when it says that more follow."""
        payload = request.encode()
        envelope = self._envelope(payload, session_id)
        answers = []
        with socket.create_connection(self.address, TCP_TIME_MAX_S) as channel:
            channel.sendall(envelope.encode() + payload)
            while not answers or answers[-1].message.flags & wire.CONTINUOUS:
                reply = Envelope.decode(self._receive(channel, Envelope.SIZE))
                answers.append(self._answer(request, envelope, reply, self._receive(channel, reply.message_bytes)))
        return answers

    @staticmethod
    def _receive(channel, count):
        parts = []
        while count > 0:
            part = channel.recv(count)
            if not part:
                raise ConnectionError("the server closed the connection within a message")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    # ---------------------------------------------------------------------------------- requests

    @staticmethod
    def request(operation, body, flags=0):
        return Message(operation, body, flags, expiration_s=int(time.time()) + EXPIRES_AFTER_S)

    def resolve(self, handle, indexes=(), types=(), flags=RESOLVE_FLAGS, over="over_udp"):
        request = self.request(wire.RESOLVE, wire.resolve_body(handle, indexes, types), flags)
        answer = getattr(self, over)(request)
        if flags & wire.RETURN_DIGEST and answer.digest != ("sha256", request.digest()):
            raise Malformed("the answer states the digest of another request")
        return answer

    def challenged(self, request):
        """The server's challenge to a request that needs an administrator; or its refusal."""
        challenge = self.over_tcp(request)
        if challenge.code == wire.AUTHENTICATION_NEEDED:
            if challenge.digest != ("sha256", request.digest()):
                raise Malformed("the challenge is for another request")
            if challenge.envelope.session_id == 0 or len(challenge.nonce()) != 16:
                raise Malformed("a challenge without an id, or with a nonce of another length")
        return challenge

    @staticmethod
    def proof(challenge, key):
        """What answers a challenge as the administrator `key`."""
        signed = key.sign(challenge.nonce(), challenge.digest[1])
        return Client.request(wire.CHALLENGE_ANSWER, wire.octets("HS_SECKEY") + wire.octets(key.handle)
                              + wire.number(key.index) + wire.octets(signed))

    def administer(self, key, operation, body, flags=0):
        """All messages of the answer to a request as an administrator, or the one refusal before a challenge."""
        challenge = self.challenged(self.request(operation, body, flags))
        if challenge.code != wire.AUTHENTICATION_NEEDED:
            return [challenge]
        answers = self.all_over_tcp(self.proof(challenge, key), challenge.envelope.session_id)
        for answer in answers:
            # A proof that is refused is answered as what it is, or as the request that it was for.
            answered = (operation,) if answer.code == wire.SUCCESS else (operation, wire.CHALLENGE_ANSWER)
            if answer.message.operation not in answered or answer.envelope.session_id != 0:
                raise Malformed(f"operation {answer.message.operation} answers {operation}")
        return answers

    def create(self, key, handle, values, flags=0):
        return self.administer(key, wire.CREATE, wire.values_body(handle, values), flags)[-1]

    def add(self, key, handle, values):
        return self.administer(key, wire.ADD_VALUE, wire.values_body(handle, values))[-1]

    def modify(self, key, handle, values):
        return self.administer(key, wire.MODIFY_VALUE, wire.values_body(handle, values))[-1]

    def remove(self, key, handle, indexes):
        return self.administer(key, wire.REMOVE_VALUE, wire.indexes_body(handle, indexes))[-1]

    def delete(self, key, handle):
        return self.administer(key, wire.DELETE, wire.octets(handle))[-1]

    def list(self, key, prefix):
        """The messages that the handles of a prefix come in."""
        return self.administer(key, wire.LIST, wire.octets("0.NA/" + prefix))
