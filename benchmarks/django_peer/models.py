"""A school's roll as Django models. `set_up` comes before anything else of Django's is imported."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, models

from benchmarks.django_peer.database import set_up

__all__ = ["History", "Membership", "Pupil", "SchoolClass", "make_tables"]

if not settings.configured:
    set_up()


class _Model(models.Model):
    class Meta:
        abstract = True
        app_label = "roll"


class SchoolClass(_Model):
    school = models.UUIDField(db_index=True)
    name = models.CharField(max_length=100)
    year_group = models.CharField(max_length=2)
    following = models.ForeignKey("self", null=True, on_delete=models.PROTECT)


class Pupil(_Model):
    school = models.UUIDField(db_index=True)
    upn = models.CharField(max_length=13)
    legal_forename = models.CharField(max_length=100)
    legal_surname = models.CharField(max_length=100)
    date_of_birth = models.DateField(null=True)
    sex = models.CharField(max_length=1)
    year_group = models.CharField(max_length=2)
    active = models.BooleanField(default=True)

    class Meta(_Model.Meta):
        abstract = False
        constraints = (models.UniqueConstraint("school", "upn", name="pupils_upn"),)


class Membership(_Model):
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT)
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT)
    present = models.BooleanField(default=True)


class History(_Model):
    """Who was how before, one row for each that changes."""

    at = models.DateTimeField(auto_now_add=True)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT)
    before = models.JSONField()
    after = models.JSONField()


def make_tables() -> None:
    with connection.schema_editor() as editor:
        for model in (SchoolClass, Pupil, Membership, History):
            editor.create_model(model)
