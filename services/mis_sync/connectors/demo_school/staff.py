"""The thirty people who work at Heron Park, and their classes and sets.

They are the same whatever the seed, since the demo makes some of them by hand beforehand.
"""

from __future__ import annotations

from services.mis_sync.connectors.demo_school.model import Group, StaffMember

__all__ = ["DEPUTY_ID", "HAND_MADE_CLASS_ID", "SAME_NAME_ID", "STAFF", "groups"]

DOMAIN = "heronpark.example"
DEPUTY_ID = "S502"
SAME_NAME_ID = "S510"
HAND_MADE_CLASS_ID = "C10"
_NO_EMAIL = {"S527"}
_PREFERRED = {"S513": "Bex"}
_SECOND_ROLES = {"S502": "siteAdministrator", "S507": "guardian"}

_ROLL = """
S501 Mrs  Judith    Hartley         principal
S502 Mr   Daniel    Okafor          teacher
S503 Ms   Helen     Marsh           teacher
S504 Mrs  Róisín    O'Connor        teacher
S505 Miss Chloe     Smith           teacher
S506 Mrs  Nadia     Hussain         teacher
S507 Mr   Gareth    Pugh            teacher
S508 Miss Ewa       Kamińska        teacher
S509 Mr   Oliver    Smith           teacher
S510 Miss Priya     Shah            teacher
S511 Mrs  Sarah     Whitfield-Jones teacher
S512 Mr   Tom       Beresford       teacher
S513 Mrs  Rebecca   Lyle            teacher
S514 Ms   Yewande   Alabi           teacher
S515 Mr   Marc      D'Angelo        teacher
S516 Mrs  Joanna    Crisp           teacher
S517 Miss Tasneem   Patel           teacher
S518 Mr   Ifan      Rhydderch       teacher
S519 Mrs  Angela    Broadbent       teacher
S520 Mr   Peter     Lindqvist       teacher
S521 Mrs  Dawn      Sisson          aide
S522 Mrs  Farzana   Begum           aide
S523 Miss Kayleigh  Toon            aide
S524 Mr   Leroy     Mills           aide
S525 Mrs  Jacinta   Fernandes       aide
S526 Mrs  Bev       Clay            aide
S527 Miss Olena     Tkachenko       aide
S528 Mrs  Mandeep   Grewal          aide
S529 Mrs  Lorraine  Hind            siteAdministrator
S530 Mr   Colin     Spray           administrator
"""

_CLASSES = """
C01 0   S504      S521 R Blue
C02 0   S505      S522 R Green
C03 1   S506      S523 1 Blue
C04 1   S507      S524 1 Green
C05 1,2 S508      S525 1/2 Willow
C06 2   S509      -    2 Blue
C07 2   S510      S526 2 Green
C08 3   S511,S512 -    3 Blue
C09 3   S513      S527 3 Green
C10 4   S514      -    4 Green
C11 4   S515      -    4 Blue
C12 5   S516      S528 5 Blue
C13 5   S517      -    5 Green
C14 6   S518      -    6 Blue
C15 6   S519      -    6 Green
"""

_SETS = """
C21 1 0 S503 Phonics Phonics Red
C22 1 1 S507 Phonics Phonics Yellow
C23 6 0 S502 Maths   Year 6 Maths A
C24 6 1 S519 Maths   Year 6 Maths B
"""


def _member(line: str) -> StaffMember:
    id_, title, forename, surname, role = line.split()
    name = (forename[0] + surname).translate(str.maketrans("óíńÓ", "oinO", "'"))
    return StaffMember(
        id=id_,
        title=title,
        forename=forename,
        surname=surname,
        role=role,
        email=None if id_ in _NO_EMAIL else f"{name.lower()}@{DOMAIN}",
        code=(forename[0] + surname.replace("'", "")[:2]).upper(),
        second_role=_SECOND_ROLES.get(id_),
        preferred_forename=_PREFERRED.get(id_),
    )


STAFF = tuple(_member(line) for line in _ROLL.strip().splitlines())
"""S503 is the SENCo, S520 covers planning time (PPA) and has no class, S511 and S512 share one."""


def groups() -> tuple[Group, ...]:
    """Fifteen classes, one of them joint, and four sets."""
    classes = []
    for line in _CLASSES.strip().splitlines():
        id_, years, teachers, aides, name = line.split(maxsplit=4)
        classes.append(
            Group(
                id=id_,
                name=name,
                years=tuple(int(year) for year in years.split(",")),
                teacher_ids=tuple(teachers.split(",")),
                aide_ids=() if aides == "-" else tuple(aides.split(",")),
            )
        )
    sets = []
    for line in _SETS.strip().splitlines():
        id_, year, half, teacher, subject, name = line.split(maxsplit=5)
        sets.append(Group(id_, name, (int(year),), (teacher,), subject=subject, half=int(half)))
    return (*classes, *sets)
