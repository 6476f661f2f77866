"""What stands in the chats of the pictures: the same as in the pictures of the design."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.core.completion import Completion, ReplyState
from app.core.conversation import Conversation, Role, Turn, new_id
from app.core.parts import Part, TextPart, ThinkingPart
from app.core.usage import Usage

MODEL = "mistral-medium-3.5"
ENDPOINT_ID = "mistral-api"
LOCAL_ID, GATEWAY_ID = "local", "gateway"

TURBINE, PARSER, NOTES, TREE = (
    "Turbine output from sensor log",
    "Unit tests for the parser",
    "Tidy up meeting notes",
    "Explain B-tree page splits",
)
FOREIGN = "שלום: a title in two directions, longer than the list and even the header can hold in this window"
# Title and age in days, newest first.
TITLES: tuple[tuple[str, int], ...] = (
    (TURBINE, 0),
    ("Polite reply to the landlord", 0),
    ("Regex for invoice numbers", 0),
    ("Compare heat pump quotes", 1),
    (PARSER, 1),
    ("Packing list, ten days in Oslo", 1),
    (TREE, 2),
    ("German cover letter, second draft", 3),
    ("Why does the socket time out?", 4),
    ("Names for a sailing club", 5),
    (NOTES, 6),
    ("Recipe scaling for the canteen", 45),
    ("Release checklist", 48),
)

QUESTION = "We log roof wind speed every 10 minutes. How much energy would a small turbine give?"
THOUGHT = "Power grows with the cube, so gusts count for more than the mean. Cube first, then average."
ANSWER_BEGINS = """\
## Average the power, not the speed

Power grows with the cube of wind speed, so a gusty month yields more than a steady one with the same mean. \
Work row by row, then add up with `pandas`.

- **Air density** `rho` is 1.225 kg/m³ at sea level, a little less on a hot roof.
- **Limits.** Count nothing below 3 m/s and cap"""
ANSWER_GOES_ON = """\
 the speed at 12 m/s.

| Method | Mean wind | Energy in June |
|:--|--:|--:|
| Cube of the mean speed | 5.1 m/s | 66 kWh |
| Mean of the cubed speeds | 5.1 m/s | 122 kWh |

```python
import pandas as pd

def energy_kwh(csv, area=3.2, cp=0.35, rho=1.225):
    v = pd.read_csv(csv)["speed"].clip(upper=12)
    watts = 0.5 * rho * area * cp * v.where(v >= 3, 0) ** 3
    return watts.sum() / 6 / 1000  # six readings an hour
```
"""
ANSWER = ANSWER_BEGINS + ANSWER_GOES_ON
ANSWER_LEADS_ON = """
## Check it against the meter

Compare the result with what the inverter reports, month by month. A difference of up to a tenth is usual: \
the mast is not where the rotor will be, and a roof makes the wind turn.

1. Take the readings of one whole month.
2. Leave out the hours in which the inverter was off.
3. Divide the meter's figure by the one above.

What is left is the"""
TOKENS = 418

UNDO_QUESTION = "How do I undo my last commit but keep the changes?"
UNDO_BEGINS = """\
Move the branch back by one and leave your files alone:

```shell
git reset --soft HEAD~1
```

Everything from that commit is staged again, so you can edit it and"""
UNDO_ENDS = """ commit once more. If you had already pushed it, the next push needs `--force-with-lease`."""
UNDO_FOLLOW_UP = "And for the last two?"
UNDO_SECOND = "The same with `HEAD~2`: it moves the branch back by two commits, and what both changed stays."

TREE_QUESTION = "Explain how a B-tree splits a full page."
TREE_BEGINS = """\
When a key arrives at a page that has no room left, the page is divided in two:

1. The keys are sorted, and the middle one is chosen as separator.
2. Everything above the separator moves to a new page on the right.
3. The separator itself moves up into the parent, which may now be"""
TREE_SECOND = "Compare that with the source of the storage engine."

NOTES_QUESTIONS = (
    "Summarise the minutes in five lines.",
    "And who has to do what by Friday?",
    "Translate the summary into Portuguese.",
)
PARSER_QUESTION = "Write the tests for nested brackets, too."

FORMULAS = "Formulas of a first year"
FORMULAS_QUESTION = "Which formulas should I know after a year?"
FORMULAS_ANSWER = r"""
## From $\pi r^2$ to Maxwell

On the line: $x_1^2 + y_1^2 = r^2$, a fraction $\frac{a}{b}$, a root $\sqrt{2\pi}$ and \(e^{i\pi} + 1 = 0\).
The book costs $5, or $10 to $20 new.

$$
x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$

\[ \int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi} \]

\begin{align}
\nabla \cdot \mathbf{E} &= \frac{\rho}{\varepsilon_0} \\
\nabla \times \mathbf{B} &= \mu_0 \mathbf{J} + \mu_0 \varepsilon_0 \frac{\partial \mathbf{E}}{\partial t}
\end{align}

- The sum of the first numbers: $\sum_{k=1}^n k = \frac{n(n+1)}{2}$
- A reaction: $\ce{2H2 + O2 -> 2H2O}$

| Name | Formula |
|:--|--:|
| Newton | $F = ma$ |
| Einstein | $E = \frac{m c^2}{\sqrt{1 - v^2/c^2}}$ |

$$
A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}, \quad
f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}
$$

What is no formula is shown as it was written: $a & b$.
"""

FOREIGN_QUESTION = "מה ההבדל בין TCP ל־UDP? ענה בעברית, ותן דוגמה ב-Python."
FOREIGN_ANSWER = """\
## ההבדל בקצרה

פרוטוקול **TCP** מבטיח שכל בית יגיע, ובסדר הנכון; **UDP** שולח חבילות בלי הבטחה כזאת. \
לכן `socket.SOCK_DGRAM` \
מהיר יותר, אבל מתאים רק כשמותר לאבד משהו.

- **TCP**: דפים, קבצים, דואר.
- **UDP**: שיחות, משחקים, שאילתות DNS.

| פרוטוקול | סדר | אישור |
|:--|:--|--:|
| TCP | כן | כן |
| UDP | לא | לא |

> הכלל: כשספק, בוחרים ב-TCP.

```python
import socket

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
```

An English paragraph follows on the other side, and a word that no line can hold: \
https://example.org/a/very/long/address/without/any/place/to/break/it/that/goes/on/and/on/and/on/until/the/edge.
"""


def chats(now: datetime) -> Iterator[Conversation]:
    """All chats of the list, the oldest first, so that the newest is stored last."""
    for number, (title, days) in reversed(tuple(enumerate(TITLES))):
        if days:
            at = (now - timedelta(days=days)).replace(hour=15, minute=30) - timedelta(minutes=number)
        else:
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            at = max(now - timedelta(minutes=3 * (number + 1)), midnight)
        question = QUESTION
        parts: tuple[Part, ...] = (ThinkingPart(THOUGHT, 6.0), TextPart(ANSWER))
        if title != TURBINE:
            question, parts = title, (TextPart("That depends on what comes before it. Two ways are usual."),)
        if title in {NOTES, TREE}:
            yield _conversation(title, at)
        else:
            yield answered(title, question, parts, at)


def answered(title: str, question: str, parts: tuple[Part, ...], at: datetime) -> Conversation:
    """A chat of one question and its answer."""
    asked = Turn(new_id(), None, Role.USER, (TextPart(question),), created=at.timestamp())
    reply = Completion(
        parts=parts,
        state=ReplyState.DONE,
        finish_reason="stop",
        usage=Usage(prompt_tokens=1210, completion_tokens=TOKENS),
        seconds_to_first=0.4,
        seconds=0.4 + TOKENS / 61,
    )
    answer = Turn(
        new_id(),
        asked.turn_id,
        Role.ASSISTANT,
        created=at.timestamp(),
        model=MODEL,
        endpoint_id=ENDPOINT_ID,
        reply=reply,
    )
    return _conversation(title, at, asked, answer)


def _conversation(title: str, at: datetime, *turns: Turn) -> Conversation:
    when = at.timestamp()
    return Conversation(new_id(), title, when, when, ENDPOINT_ID, MODEL, turns=turns)
