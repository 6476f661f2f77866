"""What a transcript shows: all of a chat, its answers alone for a small window, or a text that is no chat."""

from __future__ import annotations

from enum import Enum


class Look(Enum):
    """PAGE: every message with all that belongs to it, in the column of reading.

    ANSWERS: whoever shows the transcript shows the first question, the model and what can be done with the
    last answer; the text fills the width.

    DOCUMENT: a text that nobody said, such as a page of the guide, in the column of reading.
    """

    PAGE = "page"
    ANSWERS = "answers"
    DOCUMENT = "document"
