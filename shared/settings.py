"""How a process is told what it must know: by its environment, and by files for what is secret."""

from __future__ import annotations

import os

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

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
