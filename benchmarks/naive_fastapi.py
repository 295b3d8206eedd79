"""The peer of sign-ins and answer times: as FastAPI's tutorial has it, pwdlib on the event loop.

Its hashes are made with the product's parameters, which cost a quarter of pwdlib's own.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import asyncpg
import uvicorn
from argon2 import extract_parameters
from fastapi import Body, FastAPI, HTTPException
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from benchmarks.identity import PASSWORD
from benchmarks.processes import running
from benchmarks.servers import Servers

__all__ = ["PEOPLE", "create_app", "peer_running"]

PEOPLE = 64


@asynccontextmanager
async def peer_running(servers: Servers, like: str) -> AsyncIterator[str]:
    """Its address; with a database of its own on the same server."""
    async with servers.empty_database("peer") as database_url:
        told = {"DATABASE_URL": database_url, "LIKE": like}
        async with running("benchmarks.naive_fastapi", told, "/ready") as address:
            yield address


def create_app(database_url: str, like: str) -> FastAPI:
    """With people of the usernames 0 to 63, and hashes with the parameters of `like`."""
    parameters = extract_parameters(like)
    hashing = PasswordHash(
        (
            Argon2Hasher(
                time_cost=parameters.time_cost,
                memory_cost=parameters.memory_cost,
                parallelism=parameters.parallelism,
            ),
        )
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database_url, min_size=1, max_size=8) as pool:
            await pool.execute("CREATE TABLE people (username text PRIMARY KEY, stored text)")
            await pool.execute("CREATE TABLE sessions (token text PRIMARY KEY, username text)")
            of_all = hashing.hash(PASSWORD)
            await pool.executemany(
                "INSERT INTO people VALUES ($1, $2)",
                [(str(number), of_all) for number in range(PEOPLE)],
            )
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/ready")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    @app.post("/sessions", status_code=201)
    async def sign_in(
        identifier: Annotated[str, Body()], password: Annotated[str, Body()]
    ) -> dict[str, str]:
        pool = app.state.pool
        stored = await pool.fetchval("SELECT stored FROM people WHERE username = $1", identifier)
        if not stored or not hashing.verify(password, stored):
            raise HTTPException(401, "Incorrect username or password")
        token = secrets.token_urlsafe(32)
        await pool.execute("INSERT INTO sessions VALUES ($1, $2)", token, identifier)
        return {"token": token}

    @app.post("/sessions/lookup")
    async def look_up(token: Annotated[str, Body(embed=True)]) -> dict[str, str]:
        pool = app.state.pool
        found = await pool.fetchval("SELECT username FROM sessions WHERE token = $1", token)
        if found is None:
            raise HTTPException(401, "Not authenticated")
        return {"username": found}

    @app.post("/password/forgotten", status_code=202)
    async def forgotten(identifier: Annotated[str, Body(embed=True)]) -> dict[str, str]:
        pool = app.state.pool
        if await pool.fetchval("SELECT 1 FROM people WHERE username = $1", identifier):
            token = secrets.token_urlsafe(32)
            await pool.execute("INSERT INTO sessions VALUES ($1, $2)", token, identifier)
        return {"message": "If there is such an account, an e-mail was sent"}

    return app


def main() -> None:
    app = create_app(os.environ["CLASSROOM_DATABASE_URL"], os.environ["CLASSROOM_LIKE"])
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["CLASSROOM_HTTP_PORT"]), log_level="warning"
    )


if __name__ == "__main__":
    main()
