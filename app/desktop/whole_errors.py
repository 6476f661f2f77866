"""Errors that are whole as soon as they are raised, where PySide6 would crash of one that isn't."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class _UnderwayError(Exception):
    """Is handled for as long as the program runs. It says nothing of anything."""


def with_whole_errors(run: Callable[[], T]) -> T:
    """Call `run`, in which no error of ours ends the process.

    Until Python 3.12 an error that the interpreter or the binding raises ("1" + 1, an object that Qt has
    deleted, a number that no int of Qt's can hold) is a type and some words, and is made into an object only
    where it is caught. Where it comes out of an override of Qt's that Python had called through Qt (a resize
    that leads to `resizeEvent`), PySide6 (6.8 to 6.12, `Shiboken::Errors::storePythonOverrideErrorOrPrint`)
    takes it for that object, and the process dies of SIGSEGV. While another error is being handled, every
    error is made into an object at once, to hold the other as its context. So another one is.
    """
    if sys.version_info >= (3, 12):
        return run()
    try:
        raise _UnderwayError
    except _UnderwayError:
        return run()


def forget_underway(error: BaseException | None) -> None:
    """Take out of the context of an error what only that made part of it."""
    while error is not None:
        if isinstance(error.__context__, _UnderwayError):
            error.__context__ = None
        error = error.__cause__ or error.__context__
