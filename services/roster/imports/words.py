"""The words that schools and their systems write for a value, and the code that each is kept as.

`Year 3`, `Yr 3` and `3` are one year group; `Male` and `M` one sex. Case, spaces and punctuation
make no difference. Codes that stand before their label, as Arbor writes them (`K: SEN Support`),
are read too. Each function answers `None` for what is no word of its kind: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from shared.contracts.vocabulary import Sex, YearGroup
from shared.school.characteristics import (
    ETHNICITIES,
    LANGUAGES,
    SEN_PROVISIONS,
    ethnicity_code,
    language_code,
    sen_provision,
)
from shared.school.year_groups import YEAR_GROUP_ORDER, year_group_label
from shared.tabular.columns import heading_key

__all__ = [
    "ethnicity_of",
    "language_of",
    "sen_provision_of",
    "sex_of",
    "year_group_of",
    "yes_or_no",
]

_BEFORE_ITS_LABEL = re.compile(r"\s*(\w{1,4})\s*(?::|\s[-–—]\s)")
_WITH_NOUGHT = re.compile(r"(?<!\d)0+(?=\d)")
_BELOW_NOUGHT = re.compile(r"\s*[-−–]\s*\d")
_PARTS = re.compile(r",\s*|\s+or\s+|\s+and\s+")


def _by_key(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Word, as it is compared, → code. Raises `ValueError` for a word of two codes."""
    found: dict[str, str] = {}
    for code, said in words.items():
        for word in said:
            if found.setdefault(heading_key(word), code) != code:
                raise ValueError(f"{word!r} stands for two codes")
    return found


_SEXES = _by_key(
    {
        "F": ("F", "Female", "Girl", "Girls"),
        "M": ("M", "Male", "Boy", "Boys"),
        "U": ("U", "Unknown", "Not known", "Not specified", "Unspecified", "Not recorded"),
    }
)
_YES_OR_NO = _by_key(
    {
        "yes": ("Yes", "Y", "True", "T", "1", "Eligible", "Currently eligible"),
        "no": ("No", "N", "False", "F", "0", "Not eligible", "Not currently eligible"),
    }
)
_YEAR_GROUPS = _by_key(
    {
        **{code: (code, year_group_label(code)) for code in ("N1", "N2", "R")},
        **{
            code: [f"{word} {code}" for word in ("", "Year", "Yr", "Y", "Year group", "NC year")]
            for code in YEAR_GROUP_ORDER[3:]
        },
    }
) | _by_key(
    {
        "N1": ("Nursery first year", "Year N1", "Yr N1"),
        # A school that has two years of nursery tells them apart; one alone is the year before R.
        "N2": ("Nursery", "Nursery second year", "N", "Year N", "Year N2", "Yr N2", "Year Nursery",
               "FS1", "F1", "Foundation 1", "Foundation stage 1", "Foundation year 1"),
        "R": ("Rec", "Year R", "Yr R", "YR", "Year reception", "Reception year", "Reception class",
              "FS2", "F2", "Foundation 2", "Foundation stage 2", "Foundation year 2"),
    }
)  # fmt: skip
_SEN = _by_key(
    {
        "N": (SEN_PROVISIONS["N"], "No SEN", "None", "No special educational needs", "No SEND"),
        "K": (SEN_PROVISIONS["K"], "SEND support", "SEN K", "School Action", "School Action Plus"),
        "E": (SEN_PROVISIONS["E"], "EHC plan", "EHCP", "EHC", "Education health care plan",
              "Statement", "Statement of SEN", "Statemented"),
    }
)  # fmt: skip
_ETHNICITIES = _by_key({code: (label,) for code, label in ETHNICITIES.items()}) | _by_key(
    {
        "WIRT": ("Traveller", "Irish traveller", "White - Traveller of Irish heritage"),
        "WROM": ("Gypsy/Roma", "Gypsy Roma", "White - Gypsy/Roma", "White - Gypsy or Roma"),
        "WOTH": ("White - Any other White background", "White other", "Other White"),
        "MWBC": ("Mixed - White and Black Caribbean",),
        "MWBA": ("Mixed - White and Black African",),
        "MWAS": ("Mixed - White and Asian",),
        "MOTH": ("Mixed - Any other mixed background", "Other mixed"),
        "AIND": ("Asian - Indian", "Asian or Asian British - Indian"),
        "APKN": ("Asian - Pakistani", "Asian or Asian British - Pakistani"),
        "ABAN": ("Asian - Bangladeshi", "Asian or Asian British - Bangladeshi"),
        "AOTH": ("Asian or Asian British - Any other Asian background", "Other Asian"),
        "BCRB": ("Black or Black British - Caribbean",),
        "BAFR": ("Black or Black British - African",),
        "BOTH": ("Black or Black British - Any other Black background", "Other Black"),
        "OOTH": ("Other ethnic group",),
        "REFU": ("Refused", "Prefer not to say"),
        "NOBT": ("Information not yet obtained", "Not obtained"),
    }
)
_LANGUAGES = (
    _by_key({code: _PARTS.split(label) for code, label in LANGUAGES.items()})
    | _by_key({code: (label,) for code, label in LANGUAGES.items()})
    | _by_key(
        {
            "PNJ": ("Punjabi",),
            "OTH": ("Other",),
            "NOT": ("Not known", "Information not obtained"),
            "REF": ("Prefer not to say",),
        }
    )
)


def sex_of(text: str) -> Sex | None:
    code = _SEXES.get(_key(text))
    return Sex(code) if code else None


def yes_or_no(text: str) -> bool | None:
    said = _YES_OR_NO.get(_key(text))
    return None if said is None else said == "yes"


def year_group_of(text: str) -> YearGroup | None:
    """Padded codes too: `01`, `Year  3`. But `-1` is a nursery somewhere, and not Year 1."""
    if _BELOW_NOUGHT.match(text):
        return None
    code = _YEAR_GROUPS.get(_WITH_NOUGHT.sub("", _key(text)))
    return YearGroup(code) if code else None


def sen_provision_of(text: str) -> str | None:
    """The provision of today; School Action and statements are what took their place."""
    return sen_provision(_code_in(text)) or _SEN.get(_key(text))


def ethnicity_of(text: str) -> str | None:
    return ethnicity_code(_code_in(text)) or _ETHNICITIES.get(_key(text))


def language_of(text: str) -> str | None:
    """A name goes before a code, since any four letters have the form of one: `Urdu`, `Thai`."""
    return _LANGUAGES.get(_key(text)) or language_code(_code_in(text))


def _key(text: str) -> str:
    """As words are compared. Whoever writes `M?` does not know, so it is no word."""
    return "" if "?" in text else heading_key(text)


def _code_in(text: str) -> str:
    """What stands before a label: `K` of `K: SEN Support`, `WBRI` of `WBRI - White British`."""
    found = _BEFORE_ITS_LABEL.match(text)
    return _key(found[1] if found else text)
