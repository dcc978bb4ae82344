"""For schemathesis: made-up ids reach no further than the door, so many requests name what is really there."""

import json
import os
import random
from typing import Any

import schemathesis

REAL: dict[str, Any] = json.loads(os.environ.get("POHLED_TEST_IDS", "{}"))
CHANCE = random.Random(7)


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    if isinstance(body, dict) and CHANCE.random() < 0.8:
        for name in body.keys() & REAL["body"].keys():
            if body[name] is not None or name in ("walk", "code"):
                body[name] = REAL["body"][name]
        for consent in body.get("consents") or []:
            if isinstance(consent, dict) and isinstance(consent.get("purpose"), str):
                consent["text"] = REAL["texts"].get(consent["purpose"], consent.get("text"))
        if isinstance(body.get("answers"), dict):
            values = list(body["answers"].values())
            body["answers"] = dict(zip(REAL["questions"], values, strict=False))
        if "sha256" in body and "walk" in body:
            body.pop("call", None)
    return body


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    if path_parameters and CHANCE.random() < 0.7:
        for name in path_parameters.keys() & REAL["path"].keys():
            path_parameters[name] = REAL["path"][name]
    return path_parameters
