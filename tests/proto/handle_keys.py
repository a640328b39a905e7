"""Makes golden/handle/keys.txt: keys, signatures and key files by openssl and hashlib, not by our code.

    python3 tests/proto/handle_keys.py > tests/proto/golden/handle/keys.txt
"""

import hashlib
import os
import re
import struct
import subprocess
import tempfile

MESSAGE = b"what is signed"
PASSPHRASE = b"correct horse"


def openssl(*arguments, given=b""):
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


def octets(content):
    return struct.pack(">I", len(content)) + content


def number(value):
    """As Java's BigInteger writes it."""
    return octets(value.to_bytes(value.bit_length() // 8 + 1, "big"))


def numbers_of(pem):
    text = openssl("pkey", "-text", "-noout", given=pem).decode()
    found = {}
    for name, short, digits in re.findall(r"^(\w+): *(?:(\d+) .*)?\n((?:    [0-9a-f:]+\n)*)", text, re.M):
        found[name] = int(short) if short else int(re.sub(r"[\s:]", "", digits), 16)
    return found


def line(name, content):
    print(name, content.hex())


def signatures(name, pem):
    with tempfile.NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        for digest in ("sha256", "sha1"):
            line(f"{name}_{digest}", openssl("dgst", f"-{digest}", "-sign", file.name, given=MESSAGE))


def main():
    print(f"# By handle_keys.py. Signatures are of \"{MESSAGE.decode()}\", the key file's passphrase is"
          f" \"{PASSPHRASE.decode()}\".")
    pem = openssl("genrsa", "2048")
    rsa = numbers_of(pem)
    line("rsa_public", octets(b"RSA_PUB_KEY") + b"\0\0" + number(rsa["publicExponent"]) + number(rsa["modulus"]))
    record = octets(b"RSA_PRIVCRT_KEY") + b"".join(number(rsa[name]) for name in (
        "modulus", "publicExponent", "privateExponent", "prime1", "prime2", "exponent1", "exponent2",
        "coefficient"))
    line("rsa_file_plain", struct.pack(">I", 1) + record)
    line("rsa_short_file", struct.pack(">I", 1) + octets(b"RSA_PRIV_KEY") + number(rsa["modulus"])
         + number(rsa["privateExponent"]))
    salt, iv = os.urandom(16), os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha1", PASSPHRASE, salt, 10000, 16)
    encrypted = openssl("enc", "-aes-128-cbc", "-K", key.hex(), "-iv", iv.hex(), given=record)
    line("rsa_file_encrypted", struct.pack(">I", 4) + octets(salt) + struct.pack(">II", 10000, 128)
         + octets(iv) + octets(encrypted))
    signatures("rsa", pem)
    parameters = openssl("dsaparam", "2048")
    with tempfile.NamedTemporaryFile() as file:
        file.write(parameters)
        file.flush()
        pem = openssl("gendsa", file.name)
    dsa = numbers_of(pem)
    line("dsa_public", octets(b"DSA_PUB_KEY") + b"\0\0" + b"".join(number(dsa[name]) for name in (
        "Q", "P", "G", "pub")))
    line("dsa_file_plain", struct.pack(">I", 1) + octets(b"DSA_PRIV_KEY") + b"".join(
        number(dsa[name]) for name in ("priv", "P", "Q", "G")))
    signatures("dsa", pem)


main()
