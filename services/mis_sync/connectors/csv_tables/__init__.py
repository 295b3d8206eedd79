"""Reads plain tables of pupils, staff, groups and links, a CSV file each, from a ZIP or a folder.

For sources that speak no format of their own: what a report of any MIS can be saved as.
"""

from services.mis_sync.connectors.csv_tables.columns import Table
from services.mis_sync.connectors.csv_tables.reader import Options, read_csv_tables
from services.mis_sync.connectors.csv_tables.rows import Dates

__all__ = ["Dates", "Options", "Table", "read_csv_tables"]
