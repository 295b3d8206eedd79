"""Processes of a service that are told another time than it is, by libfaketime."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.processes import ServiceProcess

__all__ = ["FakeClock", "TimedProcess"]

_IN_LONDON = {"TZ": "Europe/London"}
"""What a machine in a school may be set to, and where nights have a turn."""
_REALLY = {
    "FAKETIME_NO_CACHE": "1",
    "FAKETIME_FMT": "%s",
    # What waits measures with the monotonic clock, which nobody sets.
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    # Python trusts a compiled module by the time of its file.
    "NO_FAKE_STAT": "1",
}


class FakeClock:
    """A clock that can be set while processes look at it; calling it tells what they see."""

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        self._library = library
        self._told: datetime | float = 0.0
        self.runs_from(datetime.now(UTC))

    def runs_from(self, moment: datetime) -> None:
        """It is this time now, and time goes on."""
        ahead = (moment - datetime.now(UTC)).total_seconds()
        self._told = ahead
        self._write(f"{ahead:+.6f}")

    def stands_at(self, moment: datetime) -> None:
        """It is this time, whole seconds, until it is set again."""
        self._told = moment
        self._write(str(int(moment.timestamp())))

    def __call__(self) -> datetime:
        if isinstance(self._told, datetime):
            return self._told
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self._told, UTC)

    @property
    def environment(self) -> dict[str, str]:
        of_file = {"LD_PRELOAD": str(self._library), "FAKETIME_TIMESTAMP_FILE": str(self._file)}
        return _REALLY | of_file

    def _write(self, text: str) -> None:
        """Whole or not at all: it is read at any time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(self._file)


class TimedProcess(ServiceProcess):
    """One that is told the time of `clock`."""

    def __init__(self, module: str, told: Mapping[str, str], clock: FakeClock) -> None:
        super().__init__(module, told, {**_IN_LONDON, **clock.environment})
        self.clock = clock
