"""The API's own description, OpenAPI 3.1, made from the routes and their shapes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webapp.doors import door_of
from webapp.sync.shapes import Problem

View = TypeVar("View", bound=Callable[..., Any])
PREFIX = "/api/v1/"
REFERENCES = "#/components/schemas/{model}"
TYPES = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """What a route does, takes and gives. `gives` is None where there is no content; `file` a MIME type."""

    summary: str
    takes: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None
    status: int = 200
    file: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    sends: Mapping[str, str] = field(default_factory=dict)  # headers, by what they say
    needs: tuple[str, ...] = ()  # which of those must be there
    tells: Mapping[str, str] = field(default_factory=dict)  # headers of the answer


SPOKEN = {"Tus-Resumable": "1.0.0"}
GROWN = {"Upload-Offset": "how many bytes are safe", "Upload-Expires": "when it is forgotten"}
METADATA = "photo (uuid), part (preview, original, sound), sha256: each optional, its value in base64"
UPLOADS: Mapping[str, Mapping[str, Operation]] = {
    "tell": {"OPTIONS": Operation("What of tus is spoken here", status=204, tells=SPOKEN)},
    "create": {
        "POST": Operation(
            "Begin an upload, with or without its first bytes",
            status=201,
            sends={**SPOKEN, "Upload-Length": "bytes", "Upload-Metadata": METADATA},
            needs=("Tus-Resumable", "Upload-Length"),
            tells={**SPOKEN, **GROWN, "Location": "where it goes on"},
        )
    },
    "look": {
        "HEAD": Operation(
            "How far an upload is",
            sends=SPOKEN,
            needs=("Tus-Resumable",),
            tells={**SPOKEN, **GROWN, "Upload-Length": "bytes"},
        )
    },
    "grow": {
        "PATCH": Operation(
            "Send more bytes, as application/offset+octet-stream",
            status=204,
            sends={**SPOKEN, "Upload-Offset": "bytes so far", "Upload-Checksum": "sha1 or sha256, and base64"},
            needs=("Tus-Resumable", "Upload-Offset"),
            tells={**SPOKEN, **GROWN},
        )
    },
    "terminate": {
        "DELETE": Operation("Give an upload up", status=204, sends=SPOKEN, needs=("Tus-Resumable",), tells=SPOKEN)
    },
}
"""The views of tus, by name: the protocol is described at tus.io, so this says only the outline."""


def describe(operation: Operation) -> Callable[[View], View]:
    """Puts the description on a view; a route of the API without one stops the app."""

    def hang(view: View) -> View:
        cast(Any, view).operation = operation
        return view

    return hang


def document(app: Flask, version: str) -> Json:
    """The whole description."""
    found = list(_operations(app))
    shapes: dict[type[BaseModel], str] = {Problem: "serialization"}
    for _, _, _, operation in found:
        if operation.takes:
            shapes[operation.takes] = "validation"
        if operation.gives:
            shapes[operation.gives] = "serialization"
    wanted: Any = list(shapes.items())
    names, schemas = models_json_schema(wanted, ref_template=REFERENCES)
    paths: dict[str, Json] = {}
    for path, method, endpoint, operation in found:
        paths.setdefault(path, {})[method.lower()] = _operation(app, path, method, endpoint, operation, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pohled, the phone's API",
            "version": version,
            "description": "Records, receipts and pictures of participants. Readers pass over fields that they do "
            "not know. Uploads follow tus 1.0.0.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operations(app: Flask) -> Any:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule.startswith(PREFIX):
            view: Any = app.view_functions[rule.endpoint]
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            blueprint, _, name = rule.endpoint.partition(".")
            described = (
                UPLOADS.get(name, {})
                if blueprint == "uploads"
                else {method: view.operation for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
            )
            for method in sorted(described):
                if method in (rule.methods or set()):
                    yield path, method, rule.endpoint, described[method]


def _operation(app: Flask, path: str, method: str, endpoint: str, operation: Operation, names: Any) -> Json:
    door = door_of(app, endpoint)
    made: Json = {
        "operationId": f"{endpoint}.{method.lower()}",
        "summary": operation.summary,
        "responses": {str(operation.status): _answer(operation, names), "default": _problem(names)},
    }
    if door and door.who == "phone":
        made["security"] = [{"token": []}]
    parameters = [_path_parameter(app, endpoint, name) for name in re.findall(r"{(\w+)}", path)]
    parameters += [
        {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string"}}
        for name, text in operation.query.items()
    ]
    parameters += [_header(name, text, name in operation.needs) for name, text in operation.sends.items()]
    if parameters:
        made["parameters"] = parameters
    if operation.takes:
        schema = names[operation.takes, "validation"]
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return made


def _header(name: str, text: str, needed: bool) -> Json:
    schema: Json = {"type": "string"}
    if name in ("Upload-Length", "Upload-Offset"):
        schema = {"type": "integer", "minimum": 0}
    elif name == "Tus-Resumable":
        schema = {"type": "string", "const": text}
    return {"name": name, "in": "header", "required": needed, "description": text, "schema": schema}


def _answer(operation: Operation, names: Any) -> Json:
    made: Json = {"description": operation.summary}
    if operation.tells:
        made["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in operation.tells.items()
        }
    if operation.gives:
        made["content"] = {"application/json": {"schema": names[operation.gives, "serialization"]}}
    elif operation.file:
        whole: Json = {"type": "string", "format": "binary"}
        made["content"] = {operation.file: {"schema": {"type": "object"} if "json" in operation.file else whole}}
    return made


def _problem(names: Any) -> Json:
    schema = names[Problem, "serialization"]
    return {"description": "What is wrong", "content": {"application/problem+json": {"schema": schema}}}


def _path_parameter(app: Flask, endpoint: str, name: str) -> Json:
    rule = next(app.url_map.iter_rules(endpoint))
    kind = {"UUIDConverter": "uuid", "IntegerConverter": "int"}.get(type(rule._converters[name]).__name__, "")
    schema: Json = dict(TYPES.get(kind, {"type": "string", "minLength": 1}))
    if name == "kind":
        schema["enum"] = ["walk", "call"]
    return {"name": name, "in": "path", "required": True, "schema": schema}
