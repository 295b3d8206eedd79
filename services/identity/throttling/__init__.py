"""Brakes on guessing: how often something may be tried, counted for all processes together."""
