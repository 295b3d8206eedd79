"""mis_sync's database is older than what the others know: a backup was restored (F22)."""

from __future__ import annotations

from services.identity.republish import republish as identity_says_again
from services.roster.republish import republish as roster_says_again
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from tests.together.opening import Together, WholeSchool
from tests.together.test_faults_of_a_sync import DAY, a_school, pupil_of, roll_now, roll_of

_TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
GROUP BY 1 ORDER BY 1
"""


async def test_older_than_its_neighbours_it_does_no_harm_and_finds_everybody_again(
    together: Together,
) -> None:
    """Joiners, a mapping and a hand edit since the backup are not made twice or undone."""
    school = await a_school(together, 6)
    await school.sync(school.mis.snapshot(together.clock()))
    await back_up(together)
    together.it_is(together.clock() + DAY)
    for number in (6, 7, 8):
        pupil_of(school.mis, number, "G1")
    await school.sync(school.mis.snapshot(together.clock()))
    await school.create_all()
    [pupil, *_] = await school.rows("roster", "SELECT * FROM pupils WHERE school_id = $1")
    edit = {"expected_version": pupil["version"], "preferred_forename": "Mimi"}
    answer = await school.by_hand("PATCH", f"/pupils/{pupil['id']}", edit)
    assert answer.status_code == 200, answer.text
    before = await roll_of(school)

    await restore(together)
    together.it_is(together.clock() + DAY)
    await school.sync(school.mis.snapshot(together.clock()))
    assert await roll_now(school) == before, "nothing is undone or made twice"
    await say_again(together, school)
    together.it_is(together.clock() + DAY)
    await school.sync(school.mis.snapshot(together.clock()))
    for found in await school.differences(state="open"):
        assert found["suggestion"], found
        await school.decide(
            {
                "difference_id": found["id"],
                "action": "map",
                "record_id": found["suggestion"]["id"],
                "expected_version": found["version"],
            }
        )
    assert await roll_of(school) == before
    together.it_is(together.clock() + DAY)
    run = await school.sync(school.mis.snapshot(together.clock()))
    assert set(run["counts"].values()) == {0}
    assert await school.differences(state="open") == []


async def back_up(together: Together) -> None:
    """All rows of mis_sync as they are at one moment."""
    database = together.databases["mis_sync"]
    async with database.transaction(isolation="repeatable_read"):
        await database.execute("DROP SCHEMA IF EXISTS backup CASCADE; CREATE SCHEMA backup")
        for table in await database.fetch(_TABLES):
            name = table["relname"]
            await database.execute(f'CREATE TABLE backup."{name}" AS TABLE public."{name}"')


async def restore(together: Together) -> None:
    """Those rows and no others, as `pg_restore` leaves them; no trigger says anything."""
    database = together.databases["mis_sync"]
    tables = await database.fetch(_TABLES)
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        names = ", ".join(f'public."{table["relname"]}"' for table in tables)
        await database.execute(f"TRUNCATE {names}")
        for table in tables:
            name, columns = table["relname"], ", ".join(f'"{c}"' for c in table["columns"])
            await database.execute(
                f'INSERT INTO public."{name}" ({columns}) OVERRIDING SYSTEM VALUE '  # noqa: S608 - names of the catalogue
                f'SELECT {columns} FROM backup."{name}"'
            )
        await database.execute("DROP SCHEMA backup CASCADE")


async def say_again(together: Together, school: WholeSchool) -> None:
    """As `docs/operations/backup.md` says: `./classroom republish` of both owners."""
    for service in ("roster", "identity"):
        dsn = together.roster.service_dsn if service == "roster" else together.identity.service_dsn
        database = Database(dsn, name=f"{service}-republish", max_size=1)
        await database.open()
        try:
            if service == "roster":
                await roster_says_again(database, school.id)
            else:
                await identity_says_again(database, Outbox("identity"), school.id)
        finally:
            await database.close()
    await school.comes_to_rest()
