"""How far somebody agrees: 1 (not at all) to 5 (fully). High is good."""

from webapp.mark import N_
from webapp.walk.questions.steps import Steps

KIND = Steps(
    "agree", 1, (N_("Strongly disagree"), N_("Disagree"), N_("In between"), N_("Agree"), N_("Strongly agree"))
)
