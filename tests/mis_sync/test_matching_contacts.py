"""Who becomes a parent, whose parent they are, and what stays: rules, generated (R8, R13, R20)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.mis_sync.matching.contact_changes import change_of_parent, proposal_of_new_parent
from services.mis_sync.matching.contacts import (
    MisContact,
    OwnParent,
    identify_contacts,
    why_no_parent,
)
from services.mis_sync.matching.records import FindingKind

PUPILS = [UUID(int=n) for n in range(1, 6)]
PARENTS = [UUID(int=n) for n in range(100, 104)]
SOME_PUPILS = st.frozensets(st.sampled_from(PUPILS))
NAMES = st.sampled_from([("Anna", "Patel"), ("Raj", "Patel"), ("Ed", "Jones"), (None, "Rao")])
EMAILS = st.sampled_from(["a@home.example", "A@Home.example", "b@home.example", "c@home.example"])


@st.composite
def contacts(draw: st.DrawFn) -> list[MisContact]:
    """Each with children and an address."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        forename, surname = draw(NAMES)
        found.append(
            MisContact(
                mis_id=f"C{number}",
                forename=forename,
                surname=surname,
                email=draw(EMAILS),
                children=draw(SOME_PUPILS.filter(bool)),
            )
        )
    return found


@st.composite
def parents(draw: st.DrawFn) -> list[OwnParent]:
    """With an address each, or none; nobody is mapped."""
    emails = draw(st.permutations(["a@home.example", "b@home.example", "d@home.example", None]))
    found = []
    for parent_id, email in zip(PARENTS[: draw(st.integers(0, 4))], emails, strict=False):
        forename, surname = draw(NAMES)
        children = draw(SOME_PUPILS)
        found.append(
            OwnParent(
                id=parent_id,
                version=1,
                active=email is not None,
                forename=forename or "Zoe",
                surname=surname,
                email=email,
                children=children,
                mis_children=draw(st.frozensets(st.sampled_from(sorted(children))))
                if children
                else frozenset(),
                kept_apart=draw(SOME_PUPILS) - children,
            )
        )
    return found


@given(contacts(), parents())
def test_one_address_is_one_parent_and_a_name_alone_is_nobody(
    records: list[MisContact], here: list[OwnParent]
) -> None:
    """R8, R17, R20: whatever the order in which the MIS tells of them."""
    found = dict(zip([r.mis_id for r in records], identify_contacts(records, here), strict=True))
    backwards = {one.record.mis_id: one for one in identify_contacts(records[::-1], here)}
    assert backwards == found
    by_address: dict[str, set[tuple[object, ...]]] = {}
    for record in records:
        one = found[record.mis_id]
        assert sum(x is not None for x in (one.own, one.leader, one.finding)) == 1
        address = (record.email or "").casefold()
        kind = one.finding.kind if one.finding else None
        by_address.setdefault(address, set()).add((one.own and one.own.id, one.leader, kind))
        if one.own is not None:
            assert one.own.email == address
        if one.leader is not None:
            assert found[one.leader].record.forename
            assert all(parent.email != address for parent in here)
        if kind is FindingKind.CONTACT_SUGGESTION:
            assert one.finding
            assert one.finding.suggestion in {parent.id for parent in here}
    assert all(len(answers) == 1 for answers in by_address.values())
    leaders = [one.leader for one in found.values() if one.leader is not None]
    assert len({found[leader].record.email.casefold() for leader in leaders}) == len(set(leaders))  # type: ignore[union-attr]


@given(contacts(), parents().filter(bool), SOME_PUPILS, st.booleans())
def test_what_was_set_by_hand_stays_and_the_rest_comes_to_rest(
    records: list[MisContact], here: list[OwnParent], leavers: frozenset[UUID], waits: bool
) -> None:
    """R13, R18; and when it is applied nothing more is proposed."""
    own = replace(here[0], email=records[0].email or "", active=True)
    family = [(replace(record, email=own.email), None) for record in records]
    change = change_of_parent(own, family, here, stays=leavers, waits=waits)
    proposal = change.proposal
    if proposal is None:
        return
    link, unlink = frozenset(proposal.link), frozenset(proposal.unlink)
    assert proposal.email is None
    assert not link & (own.kept_apart | own.children)
    assert unlink <= own.mis_children - leavers
    assert not (waits and unlink)
    after = replace(
        own,
        version=2,
        title=proposal.title or own.title,
        forename=proposal.forename or own.forename,
        surname=proposal.surname or own.surname,
        children=(own.children | link) - unlink,
        mis_children=(own.mis_children | link) - unlink,
    )
    assert change_of_parent(after, family, here, stays=leavers, waits=waits).proposal is None


def test_brothers_and_sisters_are_children_of_one_parent() -> None:
    """R20: by a contact for each of them."""
    first = MisContact(mis_id="C1", forename="Anna", surname="Patel", email="a@home.example")
    one = replace(first, children=frozenset(PUPILS[:1]))
    other = replace(first, mis_id="C2", children=frozenset(PUPILS[1:3]))
    assert proposal_of_new_parent(PARENTS[0], [one, other]).link == tuple(PUPILS[:3])


def test_why_somebody_is_no_parent_names_the_pupils() -> None:
    gran = MisContact(mis_id="G", forename="Jo", surname="Rao", pupils=("Ada Rao", "Ben Rao"))
    finding = why_no_parent(gran)
    assert finding
    assert finding.reason.startswith("A contact of Ada Rao and Ben Rao. The MIS does not say")
