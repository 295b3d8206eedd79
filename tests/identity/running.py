"""Identity as tests run it: secrets and time of the test's own, all else real."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from cryptography.fernet import Fernet

from services.identity.app import create_app
from services.identity.passwords.hashing import PasswordHashing
from services.identity.settings import Settings
from shared.database.provision import ServiceDatabase
from shared.security.principals import PrincipalSigner, public_keys
from tests.identity.door import Door, SettableClock
from tests.identity.mailbox import Mailbox
from tests.looking import looking

__all__ = ["cheap_hashing", "identity_settings", "running_identity"]


@asynccontextmanager
async def running_identity(
    settings: Settings, signer: PrincipalSigner, mailbox: Mailbox, admin_dsn: str
) -> AsyncIterator[Door]:
    """`signer` has the key that the settings name."""
    clock = SettableClock()
    app = create_app(settings, clock)
    app.state.identity = replace(app.state.identity, hashing=cheap_hashing(settings))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://identity", timeout=30) as client,
        looking(admin_dsn) as look,
    ):
        yield Door(
            app=app,
            client=client,
            clock=clock,
            signer=signer,
            mailbox=mailbox,
            admin_dsn=admin_dsn,
            service_dsn=settings.database_url,
            look=look,
        )


def cheap_hashing(settings: Settings) -> PasswordHashing:
    """The same algorithm for a thousandth of its cost, so that tests compute what they show.

    The true cost is shown in `test_hashing.py`, by whole stacks, and in `benchmarks/`.
    """
    return PasswordHashing(settings.peppers, memory_kib=8, passes=1)


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
        support_address="support@operator.example",
        mail_seconds=0.2,
        log_level="WARNING",
    )
