"""Marks that come by a file, for one group, subject and term, looked through first (R10, R26)."""
