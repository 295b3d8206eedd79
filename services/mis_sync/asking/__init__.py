"""What a connector was asked for, and what came of it (R16, R23)."""
