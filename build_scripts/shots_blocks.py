"""What stands in the pictures of blocks: every kind of them, wide tables, long code, Arabic with code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.conversation import Conversation
from app.core.parts import Part, ReferencePart, Source, TextPart
from build_scripts import shots_content

_SOURCE = Source("1", "Betz's law", "https://en.wikipedia.org/wiki/Betz%27s_law")

MIXED: tuple[Part, ...] = (
    TextPart("""\
# Siting a small turbine

A rotor takes **at most 59 %** of the wind's power"""),
    ReferencePart(("1",), (_SOURCE,)),
    TextPart("""\
, and *usually less*; ~~70 %~~ is a misprint. Read `speed` from the log (see \
https://en.wikipedia.org/wiki/Wind_power_(physics)) and mind the roof[^roof].

## What to do first

- [x] Log the wind for a month
- [ ] Ask the neighbours
  - at noon
  - in the evening
    1. with a figure
    2. without one

9. Choose the mast.
10. Choose the rotor, and leave room below its lowest point for whoever has to walk there.

> The mast is half of the machine.
>
> > And most of the trouble.

![the roof from the south](https://example.org/roof.jpg)

| Site | Mean wind | Energy | Share |
|---|--:|:-:|---|
| Roof | 5.1 m/s | 122 kWh | 12 % |
| Field, *far off* | 6.4 m/s | 1,240 kWh | 88 % |

```python title="src/energy.py"
def energy_kwh(speeds, area=3.2, cp=0.35, rho=1.225):
    \"\"\"Six readings an hour.\"\"\"
    return sum(0.5 * rho * area * cp * v**3 for v in speeds if v >= 3) / 6 / 1000  # cut-in speed, no cut-out
```

```diff
--- a/src/energy.py
+++ b/src/energy.py
@@ -1,3 +1,3 @@
 def energy_kwh(speeds, area=3.2):
-    return sum(speeds) ** 3
+    return sum(v**3 for v in speeds)
```

---

[^roof]: A roof makes the wind turn; put the rotor **two metres** above it.
"""),
)

_COLUMNS = 20
_ROWS = 90
TABLES = (
    "A few columns more than fit, and many more rows than are shown:\n\n| Hour | "
    + " | ".join(f"Sensor {n}" for n in range(1, _COLUMNS))
    + " |\n|---|"
    + "--:|" * (_COLUMNS - 1)
    + "\n"
    + "".join(
        f"| {hour:02}:00 | " + " | ".join(f"{(hour * n) % 17}.{n % 10}" for n in range(1, _COLUMNS)) + " |\n"
        for hour in range(_ROWS)
    )
)

CODE = "All of it:\n\n```js\n" + "".join(f"register({n}, () => value{n});\n" for n in range(80)) + "```\n"

ARABIC = """\
## حساب الطاقة

تزداد القدرة مع **مكعب** سرعة الريح، لذا نكتب `v**3` في الشيفرة؛ \
انظر [الصفحة](https://ar.wikipedia.org) أو README.

- [x] قراءة الملف `data.csv`
- [ ] جمع القيم
  1. كل ساعة
  2. كل يوم

> الصاري نصف الآلة.

| الموقع | الطاقة |
|---|--:|
| السطح | 122 |
| Field | 1,240 |

```python
# ست قراءات في الساعة
total = sum(v**3 for v in speeds)  # المجموع
```

An English paragraph in between keeps its own direction.
"""

QUESTION = "\n".join(f"{n}. A line of a long question that goes on for a while." for n in range(1, 31))


@dataclass(frozen=True, slots=True)
class Page:
    """One picture: its name, the title of the chat, and what was asked and answered in it."""

    name: str
    title: str
    question: str
    parts: tuple[Part, ...]
    height: int = 1000


PAGES = (
    Page("17-blocks", "Siting a small turbine", "Where do I put it?", MIXED, 1650),
    Page("18-wide-table", "All sensors by the hour", "List all of them.", (TextPart(TABLES),)),
    Page("19-long-code", "Eighty lines of code", QUESTION, (TextPart(CODE),)),
    Page("20-arabic-with-code", "حساب الطاقة", "كيف أحسب الطاقة؟", (TextPart(ARABIC),)),
)


def chats(now: datetime) -> Iterator[Conversation]:
    """A chat for each of the pages."""
    for number, page in enumerate(PAGES):
        at = now - timedelta(minutes=number)
        yield shots_content.answered(page.title, page.question, page.parts, at)
