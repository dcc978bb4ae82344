"""How far somebody agrees: 1 (not at all) to 5 (fully). High is good."""

from webapp.walk.questions.steps import Steps

KIND = Steps("agree", 1, 5)
