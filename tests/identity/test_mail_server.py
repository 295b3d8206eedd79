"""A login for the mail server is said in private or not at all."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiosmtplib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.identity.mail.server import MailServer
from tests.post import post


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself; its key is in the same file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture(scope="module")
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def at(port: int, *logins: str) -> MailServer:
    return MailServer("127.0.0.1", port, "no-reply@classroom.example", lambda: logins)


async def test_the_first_login_that_the_server_takes_is_used_and_said_in_private(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post(tls) as server:
        server.logins = {"us:old:with a colon"}
        async with await at(server.port, "us:new", "us:old:with a colon").enter() as smtp:
            assert smtp.is_connected
        # Twice, by each way that the server offers.
        assert list(dict.fromkeys(server.tried)) == [
            ("us:new", True),
            ("us:old:with a colon", True),
        ]
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await at(server.port, "us:new").enter()


async def test_no_login_is_said_to_a_server_that_cannot_prove_who_it_is(
    tls: ssl.SSLContext,
) -> None:
    with post(tls) as server:
        server.logins = {"us:secret"}
        with pytest.raises((aiosmtplib.SMTPException, OSError)):
            await at(server.port, "us:secret").enter()
        assert server.tried == []


async def test_no_login_is_said_where_others_could_listen() -> None:
    with post() as server:
        server.logins = {"us:secret"}
        with pytest.raises((aiosmtplib.SMTPException, OSError)):
            await at(server.port, "us:secret").enter()
        assert server.tried == []
