"""Identity's settings as tests run it: secrets of the test's own, all else real."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from services.identity.passwords.hashing import PasswordHashing
from services.identity.settings import Settings
from shared.database.provision import ServiceDatabase
from shared.security.principals import public_keys

__all__ = ["cheap_hashing", "identity_settings"]


def cheap_hashing(settings: Settings) -> PasswordHashing:
    """The same algorithm for a thousandth of its cost, so that tests compute what they show.

    The true cost is shown in `test_hashing.py`, by whole stacks, and in `benchmarks/`.
    """
    return PasswordHashing(settings.pepper, memory_kib=8, passes=1)


def identity_settings(
    database: ServiceDatabase,
    rabbitmq_url: str,
    smtp_port: int,
    signing_key: dict[str, str],
    folder: Path,
) -> Settings:
    """`signing_key` is the gateway's; its files and others are made in `folder`."""
    (folder / "pepper").write_text(secrets.token_hex(32))
    (folder / "two-step-keys").write_bytes(Fernet.generate_key())
    (folder / "keys.json").write_text(json.dumps(public_keys(signing_key)))
    return Settings(
        database_url=database.service,
        relay_database_url=database.relay,
        rabbitmq_url=rabbitmq_url,
        principal_public_key_file=folder / "keys.json",
        pepper_file=folder / "pepper",
        two_step_keys_file=folder / "two-step-keys",
        public_url="http://localhost:8080/",
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        mail_from="Classroom <no-reply@classroom.example>",
        mail_seconds=0.2,
        log_level="WARNING",
    )
