"""Generate Reports: sets of reports made in the background, and kept as files for a term (R27)."""
