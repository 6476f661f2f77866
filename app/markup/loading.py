"""Loads what reads Markdown before somebody waits for it: that takes as long as ten frames, once."""

from __future__ import annotations

import threading

# A little of everything, for much is made when it is first needed.
_SAMPLE = """\
# A *b* **c** ~~d~~ `e` $f$ [g](h) https://example.org [^1]

- [ ] i
1. j

| k | l |
|---|---|
| m | n |

> o

```python
p
```

[^1]: q
"""
_begun = threading.Lock()
_is_done = threading.Event()


def is_loaded() -> bool:
    """Whether a text can be read at once."""
    return _is_done.is_set()


def load() -> None:
    """Load it, in whichever thread; nothing where that has been done."""
    if is_loaded():
        return
    from app.markup.parse import parse
    from app.markup.tail import GrowingMarkdown

    growing = GrowingMarkdown()
    growing.feed(_SAMPLE)
    growing.update()
    parse(_SAMPLE)
    _is_done.set()


def load_soon() -> None:
    """Load it in a thread of its own, once."""
    if not is_loaded() and _begun.acquire(blocking=False):
        # It makes nothing but modules and patterns, so that it may be left behind when the app ends.
        threading.Thread(target=load, name="markdown", daemon=True).start()
