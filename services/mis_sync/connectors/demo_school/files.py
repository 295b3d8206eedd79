"""The made-up school as the rows of each OneRoster file."""

from __future__ import annotations

from collections.abc import Iterator

from services.mis_sync.connectors.demo_school.model import Group, Pupil, School, StaffMember

__all__ = ["export_rows"]

Rows = list[dict[str, object]]
ORG = "heron-park"
_HEAD = ["sourcedId", "status", "dateLastModified"]
_MANIFEST_MODES = {
    "academicSessions": "bulk",
    "categories": "absent",
    "classes": "bulk",
    "classResources": "absent",
    "courses": "bulk",
    "courseResources": "absent",
    "demographics": "bulk",
    "enrollments": "bulk",
    "lineItems": "absent",
    "orgs": "bulk",
    "resources": "absent",
    "results": "absent",
    "roles": "bulk",
    "userProfiles": "absent",
    "userResources": "absent",
    "users": "bulk",
}
_US_GRADES = ("PK", "KG", "01", "02", "03", "04", "05")
"""What systems write for Reception to Year 6, since OneRoster's grades are US ones."""


def export_rows(school: School) -> Iterator[tuple[str, list[str], Rows]]:
    """Name, columns and rows of each file."""
    ends = school.starts + 1
    yield "manifest.csv", ["propertyName", "value"], _manifest()
    yield _orgs()
    yield _sessions(school.starts, ends)
    yield _courses(school, f"SY{ends}")
    yield _classes(school, f"SY{ends}")
    yield _users(school)
    yield _roles(school)
    yield _enrollments(school)
    yield _demographics(school)


def _manifest() -> Rows:
    properties = {
        "manifest.version": "1.0",
        "oneroster.version": "1.2",
        **{f"file.{name}": mode for name, mode in _MANIFEST_MODES.items()},
        "source.systemName": "Heron MIS",
        "source.systemCode": "heron-mis-7f3a",
    }
    return [{"propertyName": name, "value": value} for name, value in properties.items()]


def _orgs() -> tuple[str, list[str], Rows]:
    columns = [*_HEAD, "name", "type", "identifier", "parentSourcedId"]
    trust = {"sourcedId": "trust", "name": "Trent Valley Learning Trust", "type": "district"}
    school = {
        "sourcedId": ORG,
        "name": "Heron Park Primary School",
        "type": "school",
        "identifier": "8923999",
        "parentSourcedId": "trust",
    }
    return "orgs.csv", columns, [dict(trust), dict(school)]


def _sessions(starts: int, ends: int) -> tuple[str, list[str], Rows]:
    columns = [*_HEAD, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"]
    spans = [
        (
            f"SY{ends}",
            f"{starts}/{ends % 100:02}",
            "schoolYear",
            f"{starts}-09-01",
            f"{ends}-08-31",
        ),
        (f"AU{starts}", "Autumn", "term", f"{starts}-09-01", f"{starts}-12-18"),
        (f"SP{ends}", "Spring", "term", f"{ends}-01-04", f"{ends}-03-26"),
        (f"SU{ends}", "Summer", "term", f"{ends}-04-12", f"{ends}-07-22"),
    ]
    rows: Rows = [
        {
            "sourcedId": id_,
            "title": title,
            "type": type_,
            "startDate": start,
            "endDate": end,
            "parentSourcedId": "" if type_ == "schoolYear" else f"SY{ends}",
            "schoolYear": ends,
        }
        for id_, title, type_, start, end in spans
    ]
    return "academicSessions.csv", columns, rows


def _courses(school: School, session: str) -> tuple[str, list[str], Rows]:
    columns = [
        *_HEAD,
        *("schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId"),
        *("subjects", "subjectCodes"),
    ]
    titles = {_course(group): group.subject or "Registration" for group in school.groups}
    rows: Rows = [
        {"sourcedId": id_, "schoolYearSourcedId": session, "title": title, "orgSourcedId": ORG}
        for id_, title in titles.items()
    ]
    return "courses.csv", columns, rows


def _course(group: Group) -> str:
    return f"course-{(group.subject or 'registration').lower()}"


def _classes(school: School, session: str) -> tuple[str, list[str], Rows]:
    columns = [
        *("title", "sourcedId", "status", "dateLastModified", "grades", "courseSourcedId"),
        *("classCode", "classType", "location", "schoolSourcedId", "termSourcedIds"),
        *("subjects", "subjectCodes", "periods", "metadata.heron.room"),
    ]
    rows: Rows = [
        {
            "sourcedId": group.id,
            "title": group.name,
            "grades": ",".join(_US_GRADES[year] for year in group.years),
            "courseSourcedId": _course(group),
            "classCode": group.name.replace(" ", "").upper(),
            "classType": "homeroom" if group.is_class else "scheduled",
            "schoolSourcedId": ORG,
            "termSourcedIds": session,
            "subjects": group.subject or "",
            "metadata.heron.room": f"Room {int(group.id[1:])}",
        }
        for group in school.groups
    ]
    return "classes.csv", columns, rows


def _users(school: School) -> tuple[str, list[str], Rows]:
    columns = [
        *(*_HEAD, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName"),
        *("identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password"),
        *("userMasterIdentifier", "resourceSourcedIds", "preferredGivenName"),
        *("preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns"),
        *("metadata.heron.house", "metadata.heron.title"),
    ]
    rows = [_pupil(pupil) for pupil in sorted(school.pupils, key=lambda each: each.id)]
    rows += [_staff(member) for member in school.staff]
    for guardian in school.guardians:
        rows.append(
            {
                "sourcedId": guardian.id,
                "enabledUser": "false",
                "username": guardian.id.lower(),
                "givenName": guardian.forename,
                "familyName": guardian.surname,
                "email": guardian.email or "",
                "primaryOrgSourcedId": ORG,
            }
        )
    return "users.csv", columns, rows


def _pupil(pupil: Pupil) -> dict[str, object]:
    number = int(pupil.id[1:])
    ids = [f"{{UPN:{pupil.upn}}}"] if pupil.upn else []
    return {
        "sourcedId": pupil.id,
        "enabledUser": "true",
        "username": f"heron{number}",
        "userIds": ",".join([*ids, f"{{HeronId:{number}}}"]),
        "givenName": pupil.forename,
        "familyName": pupil.surname,
        "middleName": pupil.middle_names or "",
        "identifier": f"{number - 6000:06}",
        "agentSourcedIds": ",".join(pupil.guardian_ids),
        "grades": _US_GRADES[pupil.year],
        "preferredGivenName": pupil.preferred_forename or "",
        "primaryOrgSourcedId": ORG,
        "metadata.heron.house": ("Kingfisher", "Otter", "Willow", "Reed")[number % 4],
    }


def _staff(member: StaffMember) -> dict[str, object]:
    return {
        "sourcedId": member.id,
        "enabledUser": "true",
        "username": f"staff{member.id[1:]}",
        "givenName": member.forename,
        "familyName": member.surname,
        "identifier": member.code,
        "email": member.email or "",
        "preferredGivenName": member.preferred_forename or "",
        "primaryOrgSourcedId": ORG,
        "metadata.heron.title": member.title,
    }


def _roles(school: School) -> tuple[str, list[str], Rows]:
    columns = [
        *(*_HEAD, "userSourcedId", "roleType", "role", "beginDate", "endDate"),
        *("orgSourcedId", "userProfileSourcedId"),
    ]
    held = [(pupil.id, "primary", "student") for pupil in school.pupils]
    held += [(member.id, "primary", member.role) for member in school.staff]
    held += [(m.id, "secondary", m.second_role) for m in school.staff if m.second_role]
    held += [(guardian.id, "primary", "guardian") for guardian in school.guardians]
    rows: Rows = [
        {
            "sourcedId": f"R-{user}-{role}",
            "userSourcedId": user,
            "roleType": kind,
            "role": role,
            "orgSourcedId": ORG,
        }
        for user, kind, role in sorted(held)
    ]
    return "roles.csv", columns, rows


def _enrollments(school: School) -> tuple[str, list[str], Rows]:
    columns = [
        *(*_HEAD, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary"),
        *("beginDate", "endDate"),
    ]
    rows: Rows = []
    for group in school.groups:
        rows += [_enrolment(group.id, pupil.id, "student") for pupil in school.members(group)]
        for place, teacher in enumerate(group.teacher_ids):
            primary = "true" if place == 0 else "false"
            rows.append(_enrolment(group.id, teacher, "teacher", primary=primary))
        rows += [_enrolment(group.id, aide, "aide") for aide in group.aide_ids]
    for pupil in school.pupils:
        if pupil.former_class_id:
            ended = f"{school.starts}-08-20"
            rows.append(_enrolment(pupil.former_class_id, pupil.id, "student", endDate=ended))
    rows.sort(key=lambda row: str(row["sourcedId"]))
    return "enrollments.csv", columns, rows


def _enrolment(group: str, user: str, role: str, **more: str) -> dict[str, object]:
    """With its status filled in, as some systems do in bulk files too."""
    return {
        "sourcedId": f"E-{group}-{user}",
        "status": "active",
        "classSourcedId": group,
        "schoolSourcedId": ORG,
        "userSourcedId": user,
        "role": role,
        **more,
    }


def _demographics(school: School) -> tuple[str, list[str], Rows]:
    columns = [
        *(*_HEAD, "birthDate", "sex", "americanIndianOrAlaskaNative", "asian"),
        *("blackOrAfricanAmerican", "nativeHawaiianOrOtherPacificIslander", "white"),
        *("demographicRaceTwoOrMoreRaces", "hispanicOrLatinoEthnicity", "countryOfBirthCode"),
        *("stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus"),
    ]
    rows: Rows = [
        {"sourcedId": pupil.id, "birthDate": pupil.born.isoformat(), "sex": pupil.sex}
        for pupil in sorted(school.pupils, key=lambda each: each.id)
    ]
    return "demographics.csv", columns, rows
