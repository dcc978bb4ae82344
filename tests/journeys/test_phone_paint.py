"""A photo painted over on the phone before anything of it has left: burnt into every size, and nothing is left of what
was there. Faces found in the browser are those that the server finds."""

import io
import json
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, expect

from tests.faults.conftest import *  # noqa
