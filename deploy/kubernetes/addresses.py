"""Where everything is in the cluster, by the names of its Services in `base/`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

__all__ = ["CERTIFICATES", "database", "management"]

CERTIFICATES = Path("/run/certificates")
"""Of each database's authority, `NAME/ca.crt`."""


def database(service: str, password: str, certificates: Path = CERTIFICATES) -> str:
    """Its administrator's DSN: encrypted, and with nobody but that database."""
    name = f"{service.replace('_', '-')}-db"
    return (
        f"postgresql://postgres:{quote(password, safe='')}@{name}-rw:5432/postgres"
        f"?sslmode=verify-full&sslrootcert={certificates}/{name}/ca.crt"
    )


def management(user: str, password: str) -> str:
    return f"http://{quote(user, safe='')}:{quote(password, safe='')}@rabbitmq:15672"
