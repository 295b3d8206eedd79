"""Roster as its tests reach it, and a school of its own for each."""

from __future__ import annotations

import pytest

from tests.roster.door import Door, SchoolInTest


@pytest.fixture(scope="session")
def door(roster: Door) -> Door:
    return roster


@pytest.fixture
async def school(door: Door) -> SchoolInTest:
    """A school that identity told of; its year is 2026/27."""
    school = SchoolInTest(door)
    await school.is_heard_of()
    return school
