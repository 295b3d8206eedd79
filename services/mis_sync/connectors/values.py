"""What a value of a school's file means, whichever file it stands in.

Nothing is guessed: what is not understood is `None`, and the caller says so.
"""

from __future__ import annotations

import re
from datetime import date

from pydantic import EmailStr, TypeAdapter, ValidationError

from shared.contracts.vocabulary import ContactRelationship, Sex, YearGroup

__all__ = [
    "MAX_CODE",
    "MAX_TEXT",
    "academic_year_from",
    "can_be_birth",
    "email_of",
    "flag_of",
    "has_upn_form",
    "is_academic_year",
    "relationship_of",
    "sen_of",
    "sex_of",
    "upn_as_id",
    "year_group_of",
    "year_starting",
]

MAX_TEXT = 200
MAX_CODE = 10
EARLIEST_BIRTH = date(1900, 1, 1)
_EMAIL: TypeAdapter[EmailStr] = TypeAdapter(EmailStr)
_UPN_FORM = re.compile(r"[A-Z]\d{11}[0-9A-Z]", re.ASCII)
_YEAR_WORDS = {
    **dict.fromkeys(("NURSERY1", "NURSERYFIRSTYEAR", "YEARN1", "YRN1"), "N1"),
    # A school that has two years of nursery tells them apart; one alone is the year before R.
    **dict.fromkeys(("N", "NURSERY", "NURSERY2", "NURSERYSECONDYEAR", "YEARN", "YEARN2", "YRN2",
                     "YEARNURSERY", "FS1", "F1", "FOUNDATION1", "FOUNDATIONSTAGE1",
                     "FOUNDATIONYEAR1"), "N2"),
    **dict.fromkeys(("RECEPTION", "REC", "YR", "YRR", "YEARR", "YEARRECEPTION", "RECEPTIONYEAR",
                     "RECEPTIONCLASS", "FS2", "F2", "FOUNDATION2", "FOUNDATIONSTAGE2",
                     "FOUNDATIONYEAR2"), "R"),
}  # fmt: skip
"""The words that an import by hand knows too."""
_SEXES = {
    **dict.fromkeys(("m", "male", "boy"), Sex.MALE),
    **dict.fromkeys(("f", "female", "girl"), Sex.FEMALE),
    **dict.fromkeys(("u", "other", "unknown"), Sex.UNKNOWN),
}

_FLAGS = {
    **dict.fromkeys(("y", "yes", "true", "1"), True),
    **dict.fromkeys(("n", "no", "false", "0"), False),
}
_SEN = {
    **dict.fromkeys(("n", "none", "nosen", "nospecialeducationalneed"), "N"),
    "nospecialeducationalneeds": "N",
    **dict.fromkeys(("k", "sensupport", "sendsupport"), "K"),
    **dict.fromkeys(("e", "ehcp", "ehcplan", "educationhealthandcareplan"), "E"),
}
_RELATIONSHIPS = {
    ContactRelationship.MOTHER: ("pam", "mother", "mum", "mummy", "mom"),
    ContactRelationship.FATHER: ("paf", "father", "dad", "daddy"),
    ContactRelationship.PARENT: ("pai", "parent", "other parent", "adoptive parent",
                                 "adoptive mother", "adoptive father"),
    ContactRelationship.STEP_PARENT: ("stm", "stf", "step parent", "step mother", "step father",
                                      "stepparent", "stepmother", "stepfather", "step mum",
                                      "step dad"),
    ContactRelationship.FOSTER_PARENT: ("fom", "fof", "foster parent", "foster mother",
                                        "foster father", "foster carer"),
    ContactRelationship.GUARDIAN: ("guardian", "legal guardian", "special guardian"),
    ContactRelationship.CARER: ("car", "carer"),
    ContactRelationship.RELATIVE: ("rel", "fam", "relative", "other relative", "family member",
                                   "other family member", "grandparent", "grandmother",
                                   "grandfather", "aunt", "uncle", "brother", "sister", "sibling",
                                   "cousin"),
    ContactRelationship.OTHER: ("chm", "swr", "doc", "tch", "htc", "rlg", "oth", "other",
                                "childminder", "social worker", "doctor", "teacher",
                                "head teacher", "religious contact", "religious spiritual contact",
                                "friend", "family friend", "neighbour", "other contact"),
}  # fmt: skip
"""CTF's codes, and the words that systems have for them."""
_RELATIONSHIP_WORDS = {word: kind for kind, words in _RELATIONSHIPS.items() for word in words}


def year_group_of(text: str) -> YearGroup | None:
    """A UK year group, however it is written: `4`, `04`, `Yr 4`, `R `, `Reception`, `FS1`."""
    plain = re.sub(r"\s", "", text).upper()
    plain = _YEAR_WORDS.get(plain, re.sub(r"^(YEARGROUP|NCYEAR|YEAR|YR|Y)?0?(?=\d)", "", plain))
    return YearGroup(plain) if plain in list(YearGroup) else None


def sex_of(text: str) -> Sex | None:
    """By its letter or its word, in any case."""
    return _SEXES.get(text.strip().lower())


def email_of(text: str) -> str | None:
    """The address, if it can be one."""
    try:
        return _EMAIL.validate_python(text)
    except ValidationError:
        return None


def flag_of(text: str) -> bool | None:
    """Yes or no, however it is written."""
    return _FLAGS.get(text.strip().lower())


def sen_of(text: str) -> str | None:
    """DfE's code of a SEN provision, by its letter or the words for it."""
    return _SEN.get(re.sub(r"[^a-z]", "", text.lower()))


def relationship_of(text: str) -> ContactRelationship | None:
    """What a contact is to a pupil, by CTF's code or the words for it."""
    return _RELATIONSHIP_WORDS.get(" ".join(re.sub(r"[^a-z]", " ", text.lower()).split()))


def can_be_birth(born: date, today: date) -> bool:
    return EARLIEST_BIRTH <= born <= today


def upn_as_id(upn: str) -> str:
    """A UPN as one and the same id, whatever its case and spaces (R11)."""
    return "".join(upn.split()).upper()


def has_upn_form(text: str) -> bool:
    """Whether it may be a UPN; its check letter is mis_sync's to look at."""
    return _UPN_FORM.fullmatch(upn_as_id(text)) is not None


def academic_year_from(start: int) -> str:
    """The name of the year that starts then: 2026 is `2026/27`."""
    return f"{start}/{(start + 1) % 100:02}"


def is_academic_year(name: str) -> bool:
    return re.fullmatch(r"20\d\d/\d\d", name, re.ASCII) is not None and (
        academic_year_from(int(name[:4])) == name
    )


def year_starting(day: date) -> int:
    """The year in which the academic year of that day starts."""
    return day.year if day.month >= 9 else day.year - 1
