"""How much would have to change here: 1 (much) to 7 (little), as in the Place Standard. High is good."""

from webapp.mark import N_
from webapp.walk.questions.steps import Steps

KIND = Steps("compass", 1, (N_("Much to change"), "", "", "", "", "", N_("Little to change")))
