"""How much of something was observed: 0 (not at all) to 3 (fully). High is good."""

from webapp.mark import N_
from webapp.walk.questions.steps import Steps

KIND = Steps("observed", 0, (N_("Not at all"), N_("A little"), N_("Mostly"), N_("Fully")))
