"""Which groups and pupils somebody sees in reports (R14)."""
