"""Passwords: own ones, the school's default, and how they are kept."""
