"""What of a chat a transcript shows: all of a page, or the answers alone for a small window."""

from __future__ import annotations

from enum import Enum


class Look(Enum):
    """PAGE: every message with all that belongs to it, in the column of reading.

    ANSWERS: whoever shows the transcript shows the first question, the model and what can be done with the
    last answer; the text fills the width.
    """

    PAGE = "page"
    ANSWERS = "answers"
