"""What the machine could do: a thread per core that verifies and does nothing else."""

from __future__ import annotations

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher, extract_parameters

__all__ = ["verified_per_second"]


async def verified_per_second(stored: str, seconds: float) -> float:
    """By all cores, with the parameters of the `stored` form that the product itself made."""
    hasher = PasswordHasher.from_parameters(extract_parameters(stored))
    own = hasher.hash("a password of its own")
    until = time.perf_counter() + seconds
    cores = os.cpu_count() or 1
    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as threads:
        loop = asyncio.get_running_loop()
        done = await asyncio.gather(
            *(
                loop.run_in_executor(threads, _verify_until, hasher, own, until)
                for _ in range(cores)
            )
        )
    return sum(done) / (time.perf_counter() - began)


def _verify_until(hasher: PasswordHasher, stored: str, until: float) -> int:
    done = 0
    while time.perf_counter() < until:
        hasher.verify(stored, "a password of its own")
        done += 1
    return done
