"""Parents whom mis_sync approved: made, kept up to date, linked to their children (R20)."""
