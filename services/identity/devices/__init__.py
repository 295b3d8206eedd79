"""Browsers in which somebody signed in before, so that a lockout keeps nobody else out."""
