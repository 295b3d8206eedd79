"""R11: UPNs by form, check letter and authority. Examples: DfE and python-stdnum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.school.upn import check_upn, normalise_upn

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
PERMANENT = ("B801200005001", "H801200001001", "R201100018042", "N382200118042", "D823200052307")
TEMPORARY = ("T20110001804V", "R92538742401Z")


def check_letter(rest: str) -> str:
    """Written here a second time, by DfE's description, to check the code against."""
    values = [ALPHABET.index(c) if c in ALPHABET else int(c) for c in rest]
    return ALPHABET[sum(v * weight for weight, v in enumerate(values, start=2)) % 23]


upns = st.builds(
    lambda digits, last: check_letter(digits + last) + digits + last,
    st.text("0123456789", min_size=11, max_size=11),
    st.sampled_from("0123456789" + ALPHABET),
)


class TestCheckUpn:
    @pytest.mark.parametrize("upn", PERMANENT)
    def test_permanent_numbers_are_valid(self, upn: str) -> None:
        check = check_upn(upn)
        assert (check.valid, check.temporary, check.warnings) == (True, False, ())

    @pytest.mark.parametrize("upn", TEMPORARY)
    def test_temporary_numbers_are_valid(self, upn: str) -> None:
        check = check_upn(upn)
        assert (check.valid, check.temporary, check.warnings) == (True, True, ())

    def test_unknown_authority_only_warns(self) -> None:
        check = check_upn("X00180001701A")
        assert check.valid
        assert [fault.position for fault in check.warnings] == [2]

    @pytest.mark.parametrize(("upn", "expected"), [("A801200005001", "B"), ("B207000016049", "P")])
    def test_wrong_check_letter_names_the_right_one(self, upn: str, expected: str) -> None:
        (fault,) = check_upn(upn).errors
        assert fault.position == 1
        assert f"must be {expected}" in fault.message

    def test_every_wrong_character_is_named_by_its_position(self) -> None:
        faults = check_upn("I8O120000S00I").errors
        assert [fault.position for fault in faults] == [1, 3, 10, 13]

    @pytest.mark.parametrize("text", ["", "  ", "B80120000500", "B8012000050012"])
    def test_length_is_a_fault_of_the_whole(self, text: str) -> None:
        assert [fault.position for fault in check_upn(text).errors] == [0]

    def test_case_and_spaces_are_forgiven(self) -> None:
        check = check_upn(" b801 2000 05001\t")
        assert (check.valid, check.normalised) == (True, "B801200005001")

    @given(upns)
    def test_any_number_with_its_check_letter_is_valid(self, upn: str) -> None:
        assert check_upn(upn).valid

    @given(upns, st.integers(0, 12), st.sampled_from("0123456789" + ALPHABET))
    def test_one_wrong_character_is_always_found(
        self, upn: str, place: int, character: str
    ) -> None:
        """Weights 2 to 13 are prime to 23, so no single digit slips through."""
        changed = upn[:place] + character + upn[place + 1 :]
        same_value = place == 12 and _value(character) == _value(upn[12])
        assert check_upn(changed).valid == (changed == upn or same_value)

    @given(st.text(max_size=30))
    def test_any_text_gets_an_answer(self, text: str) -> None:
        check = check_upn(text)
        assert check.normalised == normalise_upn(check.normalised)


def _value(character: str) -> int:
    return ALPHABET.index(character) if character in ALPHABET else int(character)
