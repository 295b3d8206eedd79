"""The document that the frontend's client is generated from."""

from __future__ import annotations

import json
from collections import Counter

from gateway.openapi import document
from tests.gateway.routes import api_document

FILES = {"text/csv", "application/pdf", "image/png", "text/event-stream"}
DOCUMENT = api_document()
OPERATIONS = [
    operation for operations in DOCUMENT["paths"].values() for operation in operations.values()
]


class TestDocument:
    def test_what_is_kept_is_the_gateways(self) -> None:
        assert json.loads(document()) == DOCUMENT

    def test_operations_have_names_of_their_own(self) -> None:
        names = Counter(operation["operationId"] for operation in OPERATIONS)
        assert set(names.values()) == {1}

    def test_every_operation_says_what_it_answers(self) -> None:
        for operation in OPERATIONS:
            answers = operation["responses"]
            assert "application/problem+json" in answers["default"]["content"]
            assert operation["tags"]
            for status, answer in answers.items():
                if status in ("200", "201") and not FILES & answer["content"].keys():
                    assert "$ref" in json.dumps(answer["content"]), operation["operationId"]

    def test_nothing_of_the_inside_is_in_it(self) -> None:
        assert "token" not in DOCUMENT["components"]["schemas"]["Session"]["properties"]
