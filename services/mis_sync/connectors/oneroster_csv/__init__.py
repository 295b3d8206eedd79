"""Reads OneRoster 1.1 and 1.2 CSV exports, bulk and delta, from a ZIP or a folder.

Sources: IMS/1EdTech OneRoster CSV binding, as noted in `docs/connectors.md`.
"""

from services.mis_sync.connectors.oneroster.grades import Grades
from services.mis_sync.connectors.oneroster.meaning import Options
from services.mis_sync.connectors.oneroster_csv.reader import read_oneroster_csv

__all__ = ["Grades", "Options", "read_oneroster_csv"]
