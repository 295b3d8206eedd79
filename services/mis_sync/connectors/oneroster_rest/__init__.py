"""Reads a OneRoster 1.1 or 1.2 REST service, Groupcall Xporter's included.

Sources: 1EdTech's OneRoster REST binding and Xporter's documentation, as noted in
`docs/connectors.md`.
"""

from services.mis_sync.connectors.oneroster_rest.reader import read_oneroster_rest

__all__ = ["read_oneroster_rest"]
