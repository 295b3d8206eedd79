"""Signing in and out: opaque sessions and single-use links."""
