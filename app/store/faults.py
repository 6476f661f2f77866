"""Why the store could not do a thing, in words for a person, whatever SQLite or the system called it."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from enum import StrEnum


class StoreFault(StrEnum):
    """What kind of trouble it is."""

    DISK_FULL = "disk_full"
    DISK = "disk"
    READ_ONLY = "read_only"
    IN_USE = "in_use"
    DAMAGED = "damaged"
    NEWER = "newer"
    GONE = "gone"
    FOLLOWED = "followed"
    CLOSED = "closed"
    UNEXPECTED = "unexpected"


REASONS: Mapping[StoreFault, str] = {
    StoreFault.DISK_FULL: "the disk is full",
    StoreFault.DISK: "the disk reported an error",
    StoreFault.READ_ONLY: "its folder can't be written to",
    StoreFault.IN_USE: "the history is in use by another program",
    StoreFault.DAMAGED: "the history file is damaged",
    StoreFault.NEWER: "the history was written by a newer version of Sirocco, so it can only be read",
    StoreFault.GONE: "this chat is no longer in the history",
    StoreFault.FOLLOWED: "other messages follow this one",
    StoreFault.CLOSED: "the history is not open",
    StoreFault.UNEXPECTED: "the history reported an unexpected error",
}


class StoreError(Exception):
    """The store could not do what it was asked. `reason`, and str(), is the end of a plain sentence.

    `detail` is the technical word for the log; it holds no text of a chat.
    """

    def __init__(self, fault: StoreFault, detail: str = "") -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(REASONS[fault])

    @property
    def reason(self) -> str:
        """Why, as the end of a sentence such as "Your message could not be saved: …"."""
        return REASONS[self.fault]


class DamagedError(Exception):
    """The file is not, or no longer, a history of ours; never seen outside the store."""


_ERRNO_FAULTS: Mapping[int, StoreFault] = {
    errno.ENOSPC: StoreFault.DISK_FULL,
    errno.EDQUOT: StoreFault.DISK_FULL,
    errno.EFBIG: StoreFault.DISK_FULL,
    errno.EROFS: StoreFault.READ_ONLY,
    errno.EACCES: StoreFault.READ_ONLY,
    errno.EPERM: StoreFault.READ_ONLY,
    errno.ENOTDIR: StoreFault.READ_ONLY,
    errno.EISDIR: StoreFault.READ_ONLY,
    errno.EEXIST: StoreFault.READ_ONLY,
    errno.ETXTBSY: StoreFault.IN_USE,
    errno.EBUSY: StoreFault.IN_USE,
}


def fault_of_errno(number: int | None) -> StoreFault:
    """Name the fault behind an errno of the system."""
    return _ERRNO_FAULTS.get(number or 0, StoreFault.DISK)
