"""Which headings and which words of schools and their systems are understood (R10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.imports.columns import FIELD_NAMES, columns_of
from services.roster.imports.synonyms import SYNONYMS
from services.roster.imports.words import (
    ethnicity_of,
    language_of,
    sen_provision_of,
    sex_of,
    year_group_of,
    yes_or_no,
)
from shared.school.characteristics import ETHNICITIES, LANGUAGES
from shared.school.year_groups import YEAR_GROUP_ORDER, year_group_label
from shared.tabular.columns import heading_key
from shared.tabular.table import Heading

HEADINGS = [(field, word) for field, words in SYNONYMS.items() for word in words]
SYSTEMS = {
    "DfE census": "LEA Estab UPN* Surname* Forename* Middlenames* Sex* DOB* NCyearActual* "
    "EnrolStatus FSMeligible* Language* SENProvision*",
    "DfE template": "Surname* Forename* Middle_name(s)* Date_of_birth* Sex* UPN*",
    "SIMS": "Forename* Surname* Email UPN* Year* Reg*",
    "Arbor": "First_name* Last_name* Email UPN* Year_group* Registration_form*",
    "Bromcom": "FirstName* LastName* StudentEmail UPN* YearGroup* Form*",
    "iSAMS": "Id UPN* ULN Title Forename* Middle_Names* Surname* Preferred_Name* DOB* Gender* "
    "NC_Year* Form/Tutor_Group* Tutor",
    "Assembly": "id mis_id pan upn* former_upn* uln year_code* first_name legal_first_name* "
    "middle_name* last_name legal_last_name* dob* ethnicity_code* gender* is_pp* sen_category* "
    "is_fsm* is_fsm6 in_care*",
    "CTF": "UPN* UniqueLearnerNumber Surname* Forename* DOB* Sex* FormerUPN* PreferredSurname* "
    "PreferredForename* FormerSurname MiddleNames* NCyearActual* Ethnicity* Language* "
    "EnrolStatus SENprovision* InCare*",
    "Progresso": "LearnerId UPN* FormerUPN* Surname Forename LegalSurname* LegalForename* "
    "DateOfBirth* Year NCYear* RegGroup* Gender* Ethnicity*",
    "our template": " ".join(f"{name.replace(' ', '_')}*" for name in FIELD_NAMES.values()),
}
"""Each system's headings (`formats.md` 4.4), starred where it is to be recognised."""


@st.composite
def written(draw: st.DrawFn, text: str) -> str:
    """As somebody else might write it: other case, other spaces, other punctuation."""
    letters = [draw(st.sampled_from([c.upper(), c.lower()])) for c in text]
    joined = "".join(
        draw(st.sampled_from([" ", "", "_", "-", " / "])) if c in " _-/'()" else c for c in letters
    )
    return (
        draw(st.sampled_from(["", " ", "*", "#"])) + joined + draw(st.sampled_from(["", ":", " *"]))
    )


class TestHeadings:
    @given(data=st.data())
    def test_are_known_however_they_are_written(self, data: st.DataObject) -> None:
        field, word = data.draw(st.sampled_from(HEADINGS))
        heading = data.draw(written(word))
        assert columns_of([Heading(4, heading)], {}) == {4: field}, heading

    def test_mean_one_field_each(self) -> None:
        keys = [heading_key(word) for _, word in HEADINGS]
        assert "" not in keys
        assert sorted(keys) == sorted(set(keys))

    def test_stand_over_fields_that_there_are(self) -> None:
        assert SYNONYMS.keys() == FIELD_NAMES.keys()

    @pytest.mark.parametrize("system", SYSTEMS)
    def test_of_a_system_are_all_known(self, system: str) -> None:
        words = [word.replace("_", " ") for word in SYSTEMS[system].split()]
        headings = [Heading(place, word.removesuffix("*")) for place, word in enumerate(words)]
        found = columns_of(headings, {})
        assert {h.text for h in headings if h.column in found} == {
            word.removesuffix("*") for word in words if word.endswith("*")
        }
        assert len(set(found.values())) == len(found)

    @given(order=st.permutations(list(FIELD_NAMES)))
    def test_are_known_in_any_order(self, order: list[str]) -> None:
        headings = [Heading(place, FIELD_NAMES[field]) for place, field in enumerate(order)]
        assert columns_of(headings, {}) == dict(enumerate(order))


WORDS: list[tuple[Callable[[str], Any], Any, str]] = [
    (sex_of, "F", "F, female, Girl"),
    (sex_of, "M", "m, Male, boy"),
    (sex_of, "U", "U, Unknown, Not specified"),
    (sex_of, None, "X, 1, Mail, ?, M?"),
    (year_group_of, "3", "3, 03, Year 3, year  3, Yr 3, Y3, Yr.3, Year 03, NC Year 3"),
    (year_group_of, "R", "R, r, Reception, Year R, YR, Rec, FS2, Foundation Stage 2"),
    (year_group_of, "N2", "Nursery, N2, Nursery 2, FS1"),
    (year_group_of, "N1", "N1, nursery 1"),
    (year_group_of, "13", "13, Year 13"),
    (year_group_of, None, "0, 14, X, 3B, 3/4, Oak, 100, 10 0, Year, 3?"),
    (yes_or_no, True, "Yes, y, TRUE, t, 1, Eligible"),
    (yes_or_no, False, "No, n, False, F, 0, Not eligible"),
    (yes_or_no, None, "2, maybe, M, yes?no"),
    (sen_provision_of, "N", "N, No SEN, None, N: No Special Educational Need"),
    (sen_provision_of, "K", "K, SEN support, K - SEN Support, a, P, School Action"),
    (sen_provision_of, "E", "e, EHCP, EHC plan, S, Statement, E: Education health and care plan"),
    (sen_provision_of, None, "X, Yes, Kay"),
    (ethnicity_of, "WBRI", "WBRI, wbri, White British, White - British, WBRI - White British"),
    (ethnicity_of, "MWAS", "MWAS, White and Asian, Mixed - White and Asian"),
    (ethnicity_of, "WCOR", "WCOR"),
    (ethnicity_of, "NOBT", "Information Not Yet Obtained"),
    (ethnicity_of, None, "WXYZ, White, Martian"),
    (language_of, "URD", "URD, Urdu, urd: Urdu"),
    (language_of, "PNJ", "Panjabi, Punjabi, PNJ"),
    (language_of, "THA", "Thai, THA"),
    (language_of, "ENG", "English, ENG, eng"),
    (language_of, "OTH", "Other, Other than English"),
    (language_of, "XYZ", "XYZ"),
    (language_of, None, "Klingonese, 12, A"),
]


@pytest.mark.parametrize(
    ("read", "code", "word"),
    [(read, code, word) for read, code, words in WORDS for word in words.split(", ")],
    ids=lambda value: getattr(value, "__name__", None) or str(value),
)
def test_a_word_is_its_code(read: Callable[[str], Any], code: Any, word: str) -> None:
    assert read(word) == code


class TestWhatIsShown:
    """What stands in a list of ours can come back in a file."""

    @given(data=st.data())
    def test_is_understood_however_it_is_written(self, data: st.DataObject) -> None:
        read, labels = data.draw(
            st.sampled_from(
                [
                    (year_group_of, {code: year_group_label(code) for code in YEAR_GROUP_ORDER}),
                    (ethnicity_of, ETHNICITIES),
                    (language_of, LANGUAGES),
                ]
            )
        )
        code = data.draw(st.sampled_from(sorted(labels)))
        assert read(data.draw(written(code))) == code
        assert read(data.draw(written(labels[code]))) == code

    @given(text=st.text(max_size=40))
    def test_and_nothing_breaks_on_other_words(self, text: str) -> None:
        for read in (sex_of, yes_or_no, year_group_of, sen_provision_of, ethnicity_of, language_of):
            read(text)
