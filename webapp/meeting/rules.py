"""What a meeting is: plain decisions."""

from enum import StrEnum


class MeetingKind(StrEnum):
    """What people come together for."""

    INFO = "info"
    FOCUS_GROUP = "focus_group"
    STAKEHOLDERS = "stakeholders"
    WORKSHOP = "workshop"
    LAB = "lab"
    PUBLIC_DISCUSSION = "public_discussion"
    FORUM = "forum"
