"""Reads a school through Wonde's API.

Sources: Wonde's public clients and documentation, as noted in `docs/connectors.md`.
"""

from services.mis_sync.connectors.wonde.reader import read_wonde

__all__ = ["read_wonde"]
