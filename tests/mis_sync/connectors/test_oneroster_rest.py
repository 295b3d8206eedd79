"""Any school behind a OneRoster service is read as it is, whichever way it pages (R16, R17)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mis_sync.connectors.findings import ExportRefused, Remark
from services.mis_sync.connectors.oneroster_csv import Grades, Options
from services.mis_sync.connectors.oneroster_rest import read_oneroster_rest
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot, in_stable_order
from services.mis_sync.connectors.web.client import How
from shared.contracts.mis import Collection, PupilRecord
from tests.mis_sync.connectors.doubles.oneroster import OneRosterService, collections_of
from tests.mis_sync.connectors.doubles.server import Double, Reply, reply_json
from tests.mis_sync.connectors.exports import NOW
from tests.mis_sync.connectors.made_up import schools

HOW = How(sleep=lambda _: None)
FEW: list[AnyRecord] = [
    PupilRecord(mis_id=f"p{number}", upn=f"UPN{number}", legal_surname="Nowak")
    for number in range(7)
]


@contextmanager
def _running(service: OneRosterService) -> Iterator[tuple[Double, Path]]:
    with service.double() as double, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "oneroster.json"
        path.write_text(json.dumps(service.configuration(double)))
        path.chmod(0o600)
        yield double, path


def _read(service: OneRosterService, **more: Any) -> Snapshot:
    since = more.pop("since", None)
    with service.double() as double, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "oneroster.json"
        path.write_text(json.dumps(service.configuration(double, **more)))
        path.chmod(0o600)
        return read_oneroster_rest(path, NOW, Options(grades=Grades.UK), since=since, how=HOW)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_service_gives_its_records_and_is_complete(
    version: Literal["1.1", "1.2"], data: st.DataObject
) -> None:
    records = data.draw(schools(version, removals=False))
    service = OneRosterService(
        collections_of(records, version),
        version,
        paging=data.draw(st.sampled_from(["link", "total", "both", "neither"])),
        page_cap=data.draw(st.sampled_from([1, 3, 10_000])),
        uses=data.draw(st.sampled_from([1, 5, 1_000])),
        credentials_in=data.draw(st.sampled_from(["header", "form"])),
    )
    snapshot = _read(service, page_size=data.draw(st.sampled_from([2, 100])))
    assert snapshot.records == in_stable_order(records)
    assert snapshot.complete == {record.kind for record in records}
    assert snapshot.academic_year == "2026/27"
    assert snapshot.source.format_version == version


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_changed_since_gives_removals_and_completes_nothing(
    version: Literal["1.1", "1.2"], data: st.DataObject
) -> None:
    records = data.draw(schools(version, removals=True))
    before = collections_of(FEW, version, modified="2026-11-01T20:00:00.000Z")
    after = collections_of(records, version)
    both = {
        name: (
            items
            if name in ("orgs", "academicSessions")
            else [
                *items,
                *({**old, "sourcedId": f"old {old['sourcedId']}"} for old in before[name]),
            ]
        )
        for name, items in after.items()
    }
    snapshot = _read(OneRosterService(both, version), since=NOW - timedelta(days=3))
    assert snapshot.records == in_stable_order(records)
    assert snapshot.complete == frozenset()


def test_xporter_is_asked_as_it_wants_to_be() -> None:
    collections = collections_of(FEW, "1.1")
    del collections["demographics"]
    service = OneRosterService(collections, "1.1", xporter=True, uses=2)
    with _running(service) as (double, path):
        snapshot = read_oneroster_rest(path, NOW, how=HOW)
        assert double.seen[0].path == "/api/ims/oneroster/v1p1/school/auth/token"
        assert double.seen[0].body == ""
    assert [record.mis_id for record in snapshot.records if isinstance(record, PupilRecord)] == [
        f"p{number}" for number in range(7)
    ]
    assert len(service.tokens) == 3
    assert snapshot.source.instance_id is not None
    assert snapshot.source.instance_id.endswith("/api/ims/oneroster/v1p1/school 8232001")
    told = {each.remark: each for each in snapshot.remarks}
    assert str(told[Remark.COLLECTION_NOT_GIVEN]).endswith("(demographics)")
    assert Collection.PUPILS in snapshot.complete


def test_a_service_that_gives_all_at_once_is_asked_once() -> None:
    service = OneRosterService(collections_of(FEW, "1.2"), paging="none")
    assert len(_read(service, paging=False).records) == 7
    with pytest.raises(ExportRefused, match=r"orgs: .*org came twice.*paging = false"):
        _read(service)


@pytest.mark.parametrize(
    ("name", "reply", "reason"),
    [
        ("users", Reply(body=b'{"users": [{"sourced'), "not whole JSON"),
        ("users", Reply(body=b"<html>Sign in</html>", headers={"Content-Type": "text/html"}),
         r"not whole JSON \(text/html\)"),
        ("users", Reply(body=b"[" * 100_000), "not whole JSON"),
        ("users", reply_json([]), "no object"),
        ("users", reply_json({"persons": []}), "holds no list of users"),
        ("users", reply_json({"users": ["p1"]}), "holds no list of users"),
        ("users", reply_json({"users": []}, 403), "may not read this"),
        ("users", reply_json({}, 404), "no such address"),
        ("users", reply_json({}, 418), "answered 418"),
        ("users", reply_json({"users": []}, headers={"X-Total-Count": "7"}), "it has 7, but 0"),
        ("users", reply_json({"users": [{"sourcedId": "p0", "givenName": "\x00"}]}), "NUL"),
        ("users", reply_json({"users": [{"sourcedId": "p0", "givenName": "\ud800"}]}), "half of"),
        ("users", reply_json({"users": [{"sourcedId": "p0", "roles": "student"}]}), "no list"),
        ("users", reply_json({"users": [{"sourcedId": "p0", "roles": [{"role": "boss",
         "org": {"sourcedId": "org"}}]}]}), "boss is not a role"),
        ("users", reply_json({"users": [{"givenName": {"en": "Ada"}}]}), "no text where"),
        ("enrollments", reply_json({"enrollments": [{"sourcedId": "e"}]}),
         "enrollments e, column classSourcedId: The field is missing"),
        ("orgs", reply_json({"orgs": [{"sourcedId": "org", "type": "school"},
         {"sourcedId": "b", "type": "school"}]}), "several schools"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused_with_its_place(
    name: str, reply: Reply, reason: str
) -> None:
    service = OneRosterService(collections_of(FEW, "1.2"))
    with _running(service) as (double, path):
        paging = "X-Total-Count" in reply.headers
        path.write_text(json.dumps(service.configuration(double, paging=paging)))
        normal = service.answer
        if name == "users":
            del service.collections["demographics"]
        double._answer = lambda sent: reply if sent.path.endswith(f"/{name}") else normal(sent)
        with pytest.raises(ExportRefused, match=reason):
            read_oneroster_rest(path, NOW, how=HOW)


def test_a_list_that_changes_while_it_is_read_is_refused() -> None:
    service = OneRosterService(collections_of(FEW, "1.2"), paging="total", page_cap=3)
    with _running(service) as (double, path):
        normal = service.answer

        def shrinking(sent: Any) -> Reply:
            reply = normal(sent)
            if sent.path.endswith("/users") and sent.method == "GET":
                service.collections["users"].pop()
            return reply

        double._answer = shrinking
        with pytest.raises(ExportRefused, match=r"users: .*changed while it was read"):
            read_oneroster_rest(path, NOW, how=HOW)


def test_wrong_credentials_are_told_without_them() -> None:
    service = OneRosterService(collections_of(FEW, "1.2"))
    with _running(service) as (double, path):
        path.write_text(json.dumps(service.configuration(double, client_secret="not-the-secret-7")))
        with pytest.raises(
            ExportRefused, match=r"credentials were not accepted \(401\)"
        ) as refused:
            read_oneroster_rest(path, NOW, how=HOW)
    assert "not-the-secret-7" not in str(refused.value)
    assert double.paths() == ["/oauth/token"]


def test_a_token_that_is_never_accepted_is_not_asked_for_for_ever() -> None:
    service = OneRosterService(collections_of(FEW, "1.2"), uses=0)
    with _running(service) as (_, path), pytest.raises(ExportRefused, match="401"):
        read_oneroster_rest(path, NOW, how=HOW)
    assert len(service.tokens) == 2


def test_the_time_of_since_is_told_in_utc() -> None:
    service = OneRosterService(collections_of(FEW, "1.2"))
    since = datetime(2026, 7, 1, 0, 30, tzinfo=UTC).astimezone()
    with _running(service) as (double, path):
        read_oneroster_rest(path, NOW, since=since, how=HOW)
        (asked,) = [sent for sent in double.seen if sent.path.endswith("/classes")]
    assert asked.query["filter"] == "dateLastModified>'2026-07-01T00:30:00Z'"
