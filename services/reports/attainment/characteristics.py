"""What pupils are compared by, and what each of the two sides is called (R26)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.reports.attainment.hiding import Parts
from services.reports.attainment.roll import NOBODY, Pupils

__all__ = ["CHARACTERISTICS", "Characteristic", "Comparison", "comparisons_of"]


@dataclass(frozen=True)
class Characteristic:
    """`field` is the optional field of pupils without which there is none; `None` for sex, which
    every school has."""

    name: str
    label: str
    those: str
    others: str
    field: str | None


CHARACTERISTICS: tuple[Characteristic, ...] = (
    Characteristic("sex", "Sex", "Girls", "Boys", None),
    Characteristic(
        "pupil_premium", "Pupil premium", "Pupil premium", "Not pupil premium", "pupil_premium"
    ),
    Characteristic("eal", "English as an additional language", "EAL", "Not EAL", "first_language"),
    Characteristic("sen", "Special educational needs", "SEN", "No SEN", "sen_provision"),
)


@dataclass(frozen=True)
class Comparison:
    """One that this school can make. `sides` says so where some pupils are not known."""

    name: str
    label: str
    sides: tuple[str, str]
    parts: Parts


def comparisons_of(
    everyone: Pupils,
    kept: Collection[str],
    known: Mapping[str, tuple[Pupils, Pupils]],
) -> tuple[Comparison, ...]:
    """`kept` are the school's optional fields (R29), `known` who has it and who has it not."""
    found = []
    for one in CHARACTERISTICS:
        if one.field is not None and one.field not in kept:
            continue
        those, not_those = known.get(one.name, (NOBODY, NOBODY))
        unknown = everyone & ~those & ~not_those
        others = f"{one.others}, or not known" if unknown else one.others
        parts = Parts(those, everyone & ~those)
        found.append(Comparison(one.name, one.label, (one.those, others), parts))
    return tuple(found)
