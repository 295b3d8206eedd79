"""Asking each school's MIS for a snapshot every night, at the hour that the school chose (R16)."""
