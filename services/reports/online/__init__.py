"""Online reports: published to parents, withdrawn, and opened by them (R27)."""
