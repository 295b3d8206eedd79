"""What reports is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, SecretStr, model_validator

from services.reports.files.store import StoreAccess, paired
from shared.web.process import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """`files_url`: where files lie, `file:///folder` or `s3://bucket/prefix`.

    Of an object store, `files_endpoint` is its address and the two keys open it; what is not said
    here, S3's own variables say (`AWS_ENDPOINT_URL`, `AWS_REGION`, a role of the machine). While
    other keys take their place each has two lines, the newest first. The
    printer makes the reports that were asked for, the scheduler deletes files whose time is over
    (R27).
    """

    ROLES: ClassVar[frozenset[str]] = ServiceSettings.ROLES | {"printer", "scheduler"}

    files_url: str
    files_endpoint: str = ""
    files_access_key_id: SecretStr | None = None
    files_secret_access_key: SecretStr | None = None
    look_every_seconds: Annotated[float, Field(gt=0)] = 60.0
    """How often the scheduler looks for files to delete."""

    @model_validator(mode="after")
    def _have_both_keys_or_none(self) -> Self:
        if (self.files_access_key_id is None) != (self.files_secret_access_key is None):
            raise ValueError("an access key and its secret go together: one of them is missing")
        return self

    @property
    def files_access(self) -> StoreAccess:
        endpoint = self.files_endpoint or None
        if self.files_access_key_id is None:
            return StoreAccess(endpoint)
        ids, secrets = self.kept("files_access_key_id"), self.kept("files_secret_access_key")
        return StoreAccess(endpoint, lambda: paired(ids(), secrets()))
