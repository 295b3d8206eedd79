"""The document of all messages says what the topology says, the same in every run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

from shared.contracts.topology import QUEUES
from shared.messaging.documentation import messages_document

PROGRAM = """
import json
from shared.messaging.documentation import messages_document
print(json.dumps(messages_document()))
"""


class TestMessagesDocument:
    def test_every_queue_and_its_event_are_in_it(self) -> None:
        document = messages_document()
        addresses = {channel["address"] for channel in document["channels"].values()}
        assert {queue.name for queue in QUEUES} <= addresses
        said = {name.split("_says_")[-1] for name in document["channels"] if "_says_" in name}
        assert {queue.payload.EVENT_TYPE for queue in QUEUES} <= said

    def test_every_message_has_the_envelope_and_its_payload(self) -> None:
        schemas = messages_document()["components"]["schemas"]
        for queue in QUEUES:
            event = schemas[f"Event_{queue.payload.__name__}"]
            assert {"id", "source", "type", "schoolid", "correlationid"} <= event[
                "properties"
            ].keys()

    def test_every_reference_leads_somewhere(self) -> None:
        document = messages_document()
        for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
            place = document
            for step in reference.split("/"):
                place = place[step]

    def test_it_is_the_same_in_every_run(self) -> None:
        def printed(seed: str) -> str:
            surroundings = os.environ | {"PYTHONHASHSEED": seed}
            run = subprocess.run(
                [sys.executable, "-c", PROGRAM], env=surroundings, capture_output=True, check=True
            )
            return json.dumps(json.loads(run.stdout))

        assert printed("1") == printed("2")
