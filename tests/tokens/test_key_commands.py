"""Each command that a message names is run, on a file of that form, and what it writes is read: it verifies the token."""

from __future__ import annotations

import gzip
import lzma
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from jwt_demo.tokens.anatomy import Token
from jwt_demo.tokens.key_material import KeyUnreadable
from jwt_demo.tokens.keys import read_keys
from jwt_demo.tokens.signatures import verify
from tests.support.services import missing
from tests.tokens.forms import EC, EC_TOKEN, PASSWORD, PEM, RS256, RSA, certificate, private

PASS = "password"


def command_for(path: Path) -> str:
    """What the message says to type for this file."""
    with pytest.raises(KeyUnreadable) as caught:
        read_keys(path.read_bytes())
    told = caught.value.in_file(str(path), f"'{path}'")
    assert told.command, told
    return told.command.format(file=f"'{path}'")


def typed(command: str, folder: Path, **environment: str) -> None:
    """In a shell, with the password that the program asks for."""
    program = command.split()[0]
    if shutil.which(program) is None:
        missing("REQUIRE_KEY_TOOLS", f"no {program} found")
    done = subprocess.run(
        command, shell=True, cwd=folder, input=f"{PASS}\n" * 3, env={**os.environ, **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def reads(path: Path, token: str = RS256) -> None:
    verdict = verify(Token.parse(token), read_keys(path.read_bytes()))
    assert verdict.verified is True, verdict


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize(("key", "token"), [(RSA, RS256), (EC, EC_TOKEN)], ids=["RSA", "EC"])
def test_an_encrypted_private_key_gives_its_public_half(form, key, token, tmp_path):
    """`openssl pkey -pubout` asks for the password."""
    path = tmp_path / "my key.pem"
    path.write_bytes(private(key, form, PASSWORD))
    typed(with_password(command_for(path)), tmp_path)
    reads(tmp_path / "public.pem", token)


def with_password(command: str) -> str:
    """openssl asks on the terminal; a test has none."""
    return f"{command} -passin pass:{PASS}"


def test_a_pkcs12_file_gives_its_certificate(tmp_path):
    """`openssl pkcs12 -clcerts -nokeys` writes attributes around the PEM, which are passed over."""
    path = tmp_path / "store.p12"
    (tmp_path / "k.pem").write_bytes(private(RSA))
    (tmp_path / "c.pem").write_bytes(certificate().public_bytes(Encoding.PEM))
    typed(
        f"openssl pkcs12 -export -inkey k.pem -in c.pem -passout pass:{PASS} -out store.p12",
        tmp_path,
    )
    typed(with_password(command_for(path)), tmp_path)
    reads(tmp_path / "certificate.pem")


def test_a_java_keystore_gives_its_certificates(tmp_path):
    """`keytool -list -rfc` prints them among words."""
    path = tmp_path / "store.jks"
    (tmp_path / "k.pem").write_bytes(private(RSA))
    (tmp_path / "c.pem").write_bytes(certificate().public_bytes(Encoding.PEM))
    typed(
        f"openssl pkcs12 -export -inkey k.pem -in c.pem -passout pass:{PASS} -name x -out s.p12",
        tmp_path,
    )
    typed(
        f"keytool -importkeystore -srckeystore s.p12 -srcstoretype PKCS12 -srcstorepass {PASS} -destkeystore store.jks -deststoretype JKS -deststorepass {PASS}",
        tmp_path,
    )
    command = command_for(path)
    typed(command.replace("-keystore", f"-storepass {PASS} -keystore"), tmp_path)
    reads(tmp_path / "certificates.pem")


@pytest.mark.parametrize(
    ("name", "compress"), [("key.gz", gzip.compress), ("key.xz", lzma.compress)]
)
def test_a_compressed_file_is_unpacked(name, compress, tmp_path):
    """`gunzip`, `xz`."""
    (tmp_path / name).write_bytes(compress(PEM.encode()))
    typed(command_for(tmp_path / name), tmp_path)
    reads(tmp_path / "key")


def test_a_zip_archive_is_unpacked(tmp_path):
    """With Python alone."""
    shutil.make_archive(str(tmp_path / "keys"), "zip", tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "public.pem").write_text(PEM)
    shutil.make_archive(str(tmp_path / "store"), "zip", tmp_path / "in")
    typed(command_for(tmp_path / "store.zip"), tmp_path)
    reads(tmp_path / "keys" / "public.pem")


def test_an_ec_key_with_its_curve_in_numbers_is_named(tmp_path):
    """`openssl ec -param_enc named_curve`."""
    (tmp_path / "k.pem").write_bytes(private(EC))
    typed("openssl ec -in k.pem -pubout -param_enc explicit -out explicit.pem", tmp_path)
    try:
        reads(tmp_path / "explicit.pem", EC_TOKEN)  # some versions of OpenSSL recognise the numbers
    except KeyUnreadable:
        typed(command_for(tmp_path / "explicit.pem"), tmp_path)
        reads(tmp_path / "public.pem", EC_TOKEN)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
@pytest.mark.parametrize("password", ["", PASS])
def test_what_ssh_keygen_makes_is_read_without_a_command(kind, password, tmp_path):
    """Private files, encrypted or not (of these the public half), and the .pub beside them."""
    typed(f"ssh-keygen -q -t {kind} -N '{password}' -f id", tmp_path)
    (private_key,) = read_keys((tmp_path / "id").read_bytes())
    (public_key,) = read_keys((tmp_path / "id.pub").read_bytes())
    assert private_key.public == public_key.public
    assert private_key.signs is (password == "")


def test_what_puttygen_makes_is_read_without_a_command(tmp_path):
    """Its public half."""
    (tmp_path / "id").write_bytes(private(RSA, PrivateFormat.TraditionalOpenSSL))
    typed("puttygen id -O private -o id.ppk", tmp_path)
    reads(tmp_path / "id.ppk")
