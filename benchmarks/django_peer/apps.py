"""The one app, as Django wants one."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["Roll"]


class Roll(AppConfig):
    name = "benchmarks.django_peer"
    label = "roll"
