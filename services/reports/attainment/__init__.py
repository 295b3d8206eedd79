"""Attainment and progress, as figures of a class, a year group and the school (R26)."""
