"""Connectors: programs near a MIS that publish snapshots of it (R15, R16).

They share nothing with the service but the contract, and run alone: `docs/connectors.md`.
"""
