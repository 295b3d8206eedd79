"""A web service that is slow, away, too big or strange is met with patience and within limits."""

from __future__ import annotations

import gzip
import json
import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.oneroster_rest.config import OneRosterConfig
from services.mis_sync.connectors.web.client import How, Limits, Patience
from services.mis_sync.connectors.web.config import load_config
from services.mis_sync.connectors.wonde import read_wonde
from services.mis_sync.connectors.wonde.config import WondeConfig
from tests.mis_sync.connectors.doubles.server import Double, Fault, Reply, reply_json
from tests.mis_sync.connectors.doubles.wonde import SCHOOL, TOKEN, WondeService, lists_of
from tests.mis_sync.connectors.exports import NOW
from tests.mis_sync.connectors.test_wonde import SMALL


@pytest.fixture
def double() -> Iterator[Double]:
    with WondeService(lists_of(SMALL)).double() as running:
        yield running


@pytest.fixture
def config(double: Double, tmp_path: Path) -> Path:
    return _written(tmp_path, school=SCHOOL, token=TOKEN, url=f"{double.origin}/v1.0")


def _written(folder: Path, **fields: Any) -> Path:
    path = folder / "source.json"
    path.write_text(json.dumps(fields))
    path.chmod(0o600)
    return path


class TestTryingAgain:
    def test_after_the_pause_that_the_service_asks_for(self, double: Double, config: Path) -> None:
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
        double.faults = [
            Fault("/students", reply_json({}, 429, headers={"Retry-After": "7"})),
            Fault("/students", reply_json({}, 503, headers={"Retry-After": soon})),
            Fault("/students", reply_json({}, 500)),
            Fault("/students", Reply(body=b'{"data": [] }', stops_after=5)),
        ]
        pauses: list[float] = []
        snapshot = read_wonde(config, NOW, how=How(sleep=pauses.append))
        assert len(snapshot.records) == len(SMALL)
        assert pauses[0] == 7
        assert 30 < pauses[1] <= 40
        assert len(pauses) == 4

    def test_ends_and_nothing_is_read(self, double: Double, config: Path) -> None:
        double.faults = [Fault("/classes", reply_json({}, 502), times=100)]
        with pytest.raises(ExportRefused, match=r"answered 502, 5 times\. Nothing was"):
            read_wonde(config, NOW, how=How(sleep=lambda _: None))
        assert double.paths().count(f"/v1.0/schools/{SCHOOL}/classes") == 5

    def test_is_not_done_for_a_pause_of_hours(self, double: Double, config: Path) -> None:
        reply = reply_json({}, 429, headers={"Retry-After": "7200"})
        double.faults = [Fault("/classes", reply)]
        with pytest.raises(ExportRefused, match="pause of 7200 seconds"):
            read_wonde(config, NOW)

    def test_is_not_done_for_what_will_not_change(self, double: Double, config: Path) -> None:
        double.faults = [Fault("/classes", reply_json({}, 400), times=2)]
        with pytest.raises(ExportRefused, match="answered 400"):
            read_wonde(config, NOW)
        assert double.faults[0].times == 1


def test_an_answer_that_stands_still_is_given_up(double: Double, config: Path) -> None:
    reply = Reply(body=b'{"data": []}', stops_after=4, hangs=True)
    double.faults = [Fault("/classes", reply, times=9)]
    how = How(patience=Patience(read=0.2, tries=2), sleep=lambda _: None)
    with pytest.raises(ExportRefused, match="did not answer in time, 2 times"):
        read_wonde(config, NOW, how=how)


def test_a_service_that_is_not_there_is_told(tmp_path: Path) -> None:
    with Double(lambda _: Reply()) as gone:
        path = _written(tmp_path, school=SCHOOL, token=TOKEN, url=f"{gone.origin}/v1.0")
    with pytest.raises(ExportRefused, match="could not be reached, 2 times"):
        read_wonde(path, NOW, how=How(patience=Patience(tries=2), sleep=lambda _: None))


@pytest.mark.parametrize(
    "limits", [Limits(answer_bytes=200), Limits(total_bytes=1_000), Limits(requests=3)]
)
def test_too_much_is_refused(limits: Limits, config: Path) -> None:
    with pytest.raises(ExportRefused, match=r"sends too much|over 3 requests"):
        read_wonde(config, NOW, how=How(limits=limits))


def test_what_unpacks_to_too_much_is_refused(double: Double, config: Path) -> None:
    bomb = gzip.compress(b'{"data": [' + b" " * 20_000_000)
    double.faults = [Fault("/classes", Reply(body=bomb, headers={"Content-Encoding": "gzip"}))]
    with pytest.raises(ExportRefused, match="sends too much"):
        read_wonde(config, NOW, how=How(limits=Limits(answer_bytes=1_000_000)))


def test_what_is_packed_otherwise_than_asked_for_is_refused(double: Double, config: Path) -> None:
    packed = gzip.compress(gzip.compress(b'{"data": []}'))
    reply = Reply(body=packed, headers={"Content-Encoding": "gzip, gzip"})
    double.faults = [Fault("/classes", reply)]
    with pytest.raises(ExportRefused, match="packed in a way"):
        read_wonde(config, NOW)


def test_packed_as_asked_for_is_read(double: Double, config: Path) -> None:
    reply = Reply(body=gzip.compress(b'{"data": []}'), headers={"Content-Encoding": "gzip"})
    double.faults = [Fault("/groups", reply)]
    assert read_wonde(config, NOW).records


@pytest.mark.parametrize("trusted", [False, True])
def test_only_a_certificate_that_is_trusted_hears_the_token(
    trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = _certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Double(WondeService(lists_of(SMALL)).answer, tls) as double:
        path = _written(tmp_path, school=SCHOOL, token=TOKEN, url=f"{double.origin}/v1.0")
        if trusted:
            assert len(read_wonde(path, NOW).records) == len(SMALL)
        else:
            with pytest.raises(ExportRefused, match="certificate is not one that this computer"):
                read_wonde(path, NOW)
            assert double.seen == []


def _certificate(folder: Path) -> Path:
    """One that its own maker signed, with its key, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "double")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_a_token_is_in_no_log(
    config: Path, caplog: pytest.LogCaptureFixture, double: Double
) -> None:
    double.faults = [Fault("/classes", reply_json({}, 403))]
    caplog.set_level(logging.DEBUG, "httpx")
    caplog.set_level(logging.DEBUG, "httpcore")
    with pytest.raises(ExportRefused) as refused:
        read_wonde(config, NOW)
    assert caplog.records
    assert TOKEN not in caplog.text + str(refused.value) + repr(refused.value.__cause__)


class TestConfiguration:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"url": "http://mis.example/v1.0"}, "url: it must start with https://"),
            ({"url": "https://me:secret-9@mis.example/"}, "must not hold a name and password"),
            ({"url": "https://mis.example/?key=secret-9"}, "must be https://host/path"),
            ({"url": "ftp://mis.example"}, "must start with https://"),
            ({"school": "A1/../A2"}, "school: "),
            ({"token": None}, "token is missing, and the environment has no WONDE_TOKEN"),
            ({"token": ["secret-9"]}, "token: "),
            ({"page_size": 0}, "page_size: "),
            ({"tokn": "secret-9"}, "tokn: is not a setting of this kind"),
        ],
    )
    def test_that_is_wrong_is_told_without_secrets(
        self, change: dict[str, Any], reason: str, tmp_path: Path
    ) -> None:
        fields = {"school": SCHOOL, "token": "secret-9"} | change
        known = {name: value for name, value in fields.items() if value is not None}
        with pytest.raises(ExportRefused, match=reason) as refused:
            load_config(_written(tmp_path, **known), WondeConfig)
        assert "secret-9" not in str(refused.value)

    @pytest.mark.parametrize("content", ["", "[", "{", "school", "x" * 70_000, "[]"])
    def test_that_is_no_such_file_is_refused(self, content: str, tmp_path: Path) -> None:
        path = tmp_path / "source.toml"
        path.write_text(content)
        with pytest.raises(ExportRefused, match=r"source.toml: The configuration cannot be used"):
            load_config(path, WondeConfig)

    def test_may_leave_the_secret_to_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WONDE_TOKEN", "from outside")
        path = tmp_path / "source.toml"
        path.write_text(f'school = "{SCHOOL}"\n')
        path.chmod(0o600)
        config, hints = load_config(path, WondeConfig)
        assert config.token.get_secret_value() == "from outside"
        assert "from outside" not in repr(config)
        assert hints == ()

    def test_that_others_can_read_is_told(self, tmp_path: Path) -> None:
        path = _written(tmp_path, school=SCHOOL, token=TOKEN)
        path.chmod(0o644)
        (hint,) = load_config(path, WondeConfig)[1]
        assert "chmod 600" in hint

    def test_of_oneroster_tells_its_version_by_its_url(self, tmp_path: Path) -> None:
        fields = {"url": "https://mis.example/ims/oneroster/rostering/v1p2", "client_id": "us",
                  "client_secret": "s", "token_url": "https://mis.example/token"}  # fmt: skip
        assert load_config(_written(tmp_path, **fields), OneRosterConfig)[0].version == "1.2"
        with pytest.raises(ExportRefused, match="version: is missing"):
            load_config(
                _written(tmp_path, **{**fields, "url": "https://mis.example"}), OneRosterConfig
            )
        with pytest.raises(ExportRefused, match="relying_party is missing"):
            load_config(_written(tmp_path, service="xporter", client_secret="s"), OneRosterConfig)
