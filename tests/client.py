"""A browser without scripts. Every page that it gets is checked: title, language, headings, policy."""

import html
import re
from io import BytesIO
from itertools import pairwise
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse


class Visitor:
    """Follows links and sends forms as a person would, hidden fields and all."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}

    def get(self, address: str, status: int = 200) -> TestResponse:
        """A page; redirects are followed."""
        response = self.client.get(address, headers=self.headers, follow_redirects=True)
        assert response.status_code == status, response.text[:2000]
        check(response)
        return response

    def send(self, address: str, fields: dict[str, Any], status: int = 200) -> TestResponse:
        """Gets the form's page, fills in `fields` beside its hidden ones, and sends it."""
        return self.post(address, {**hidden(self.get(address).text), **fields}, status)

    def post(self, address: str, fields: dict[str, Any], status: int = 200) -> TestResponse:
        """Sends exactly these fields; pairs of (bytes, name) are files."""
        data = {
            name: (BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
            for name, value in fields.items()
        }
        response = self.client.post(address, data=data, headers=self.headers, follow_redirects=True)
        assert response.status_code == status, response.text[:2000]
        check(response)
        return response


def check(response: TestResponse) -> None:
    """What every page owes everybody."""
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype != "text/html":
        return
    text = response.text
    assert re.search(r"<title>[^<]*\S[^<]* · Pohled</title>", text), "a page without a title"
    assert re.search(r'<html lang="[a-zA-Z-]+" dir="(ltr|rtl)"', text), "a page without a language"
    assert text.count("<h1") == 1, "a page has one first heading"
    assert not re.search(r"\son\w+=|<style|style=|javascript:", text), "something inline, which the policy stops"
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page's last form (the header's log-out button has a form of its own)."""
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = html.unescape(value[1]) if value else ""
    return fields
