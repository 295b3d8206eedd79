"""B9: written reports to PDF."""
