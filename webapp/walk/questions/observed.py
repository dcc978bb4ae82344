"""How much of something was observed: 0 (not at all) to 3 (fully). High is good."""

from webapp.walk.questions.steps import Steps

KIND = Steps("observed", 0, 3)
