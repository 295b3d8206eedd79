"""Reads a Common Transfer File: DfE's XML of pupils, with neither classes nor staff.

Sources: DfE's CTF specification as other programs write it, as noted in `docs/connectors.md`.
"""

from services.mis_sync.connectors.ctf.reader import read_ctf

__all__ = ["read_ctf"]
