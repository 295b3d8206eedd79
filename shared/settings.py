"""How a process is told what it must know: by its environment, and by files for what is secret."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from shared.kept import Lines, Reread, lines, lines_if_any

__all__ = ["FromSurroundings"]

SECRETS_FOLDER = "CLASSROOM_SECRETS_DIR"


class FromSurroundings(BaseSettings):
    """Read from the environment, each under `CLASSROOM_`.

    What the environment does not say is looked for in the folder that `CLASSROOM_SECRETS_DIR`
    names, in a file that is called as the variable would be, such as `classroom_database_url`.
    """

    model_config = SettingsConfigDict(env_prefix="CLASSROOM_", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        folder = os.environ.get(SECRETS_FOLDER)
        if folder:
            file_secret_settings = SecretsSettingsSource(settings_cls, secrets_dir=folder)
        return init_settings, env_settings, dotenv_settings, file_secret_settings

    def kept(self, name: str, *, needed: bool = True) -> Lines:
        """The secret of that name as it is now, the newest first: read again from its file.

        What came by the environment, or by hand, stays as it was. There may be none of one that is
        not `needed`.
        """
        value, read = getattr(self, name), lines if needed else lines_if_any
        always = read(value.get_secret_value() if isinstance(value, SecretStr) else str(value))
        folder = os.environ.get(SECRETS_FOLDER)
        file = Path(folder) / f"{self.model_config['env_prefix']}{name}".lower() if folder else None
        if file is None or not file.is_file():
            return lambda: always
        found = Reread(file, read)
        return found if found() == always else lambda: always
