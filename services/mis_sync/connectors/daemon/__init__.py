"""The connector that runs all the time: it answers mis_sync's requests for a snapshot (R16)."""

from services.mis_sync.connectors.daemon.answering import Reading
from services.mis_sync.connectors.daemon.memory import Memory
from services.mis_sync.connectors.daemon.running import Daemon, Pauses

__all__ = ["Daemon", "Memory", "Pauses", "Reading"]
