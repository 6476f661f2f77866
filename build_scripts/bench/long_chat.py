"""A long chat as people have it: prose, lists, tables, code in five languages, formulas, CJK and Arabic."""

from __future__ import annotations

import random

from app.core.completion import Completion, ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import TextPart
from app.core.usage import Usage

_TEXT = (
    "the wind over a flat roof turns at its edge so a small rotor there sees gusts that no chart of the town "
    "shows and a year of readings tells more than any map of it"
)
_WORDS = tuple(_TEXT.split())

_PYTHON = """def energy(csv, area=3.2):
    speed = read(csv)['speed'].clip(upper=12)
    return speed ** 3  # {n}
"""
_RUST = """fn energy(speeds: &[f64], area: f64) -> f64 {
    speeds.iter().map(|v| v.powi(3)).sum::<f64>() * {n}.0
}
"""
_SQL = """SELECT month, avg(speed * speed * speed) AS cube
FROM readings WHERE roof = {n} -- by month
GROUP BY month;
"""
_JAVASCRIPT = """const energy = (speeds) => {
  // roof {n}
  return speeds.reduce((sum, v) => sum + v ** 3, 0);
};
"""
_BASH = """for roof in $(seq 1 {n}); do
  curl -s "localhost/$roof.csv" | sort -n > "$roof.txt"
done
"""
_CODE_KINDS = (
    ("python", _PYTHON),
    ("rust", _RUST),
    ("sql", _SQL),
    ("javascript", _JAVASCRIPT),
    ("bash", _BASH),
)

_OTHER_SCRIPTS = (
    "风速的立方决定功率,所以**阵风**比平均值更重要。请先测量一整年,再决定是否购买。\n\n",
    "屋上の風は端で向きを変えるため、`小さな風車`には地図にない突風が当たります。\n\n",
    "تزداد القدرة مع **مكعب** سرعة الرياح، لذلك يعطي الشهر العاصف أكثر من شهر هادئ `avg()`.\n\n",
)


def turns(count: int, seed: int = 1) -> list[Turn]:
    """So many messages, questions and answers in turn, no two alike."""
    rng = random.Random(seed)  # noqa: S311 - the same chat each time
    return [_question(rng, i) if i % 2 == 0 else answered(i, answer(rng)) for i in range(count)]


def answered(number: int, text: str, state: ReplyState = ReplyState.DONE) -> Turn:
    """An answer with this text."""
    usage = Usage(prompt_tokens=9, completion_tokens=len(text) // 4)
    reply = Completion((TextPart(text),), state, usage=usage, seconds=7.0, seconds_to_first=0.4)
    turn_id = f"turn-{number}"
    return Turn(turn_id, None, Role.ASSISTANT, model="Mistral-chat", endpoint_id="bench", reply=reply)


def answer(rng: random.Random) -> str:
    """An answer of two to seven sections."""
    return "".join(_section(rng) for _ in range(rng.randint(2, 7)))


def _question(rng: random.Random, number: int) -> Turn:
    return Turn(f"turn-{number}", None, Role.USER, parts=(TextPart(_words(rng, rng.randint(4, 40)) + "?"),))


def _section(rng: random.Random) -> str:
    match rng.randrange(9):
        case 0:
            return f"## {_words(rng, 4)}\n\n{_words(rng, 40)}.\n\n"
        case 1:
            return "".join(f"- **{_words(rng, 2)}**: {_words(rng, 11)}.\n" for _ in range(4)) + "\n"
        case 2:
            items = (
                f"{i}. {_words(rng, 9)}\n   - `{_words(rng, 1)}` and {_words(rng, 5)}\n" for i in (1, 2, 3)
            )
            return "".join(items) + "\n"
        case 3:
            rows = "".join(f"| {_words(rng, 2)} | {rng.random() * 9:.2f} m/s | {i} |\n" for i in range(5))
            return f"| Month | Mean wind | Roof |\n|:------|----------:|:----:|\n{rows}\n"
        case 4 | 5:
            language, code = _CODE_KINDS[rng.randrange(len(_CODE_KINDS))]
            body = code.replace("{n}", str(rng.randrange(90)))
            return f"```{language}\n{body * rng.randint(1, 4)}```\n\n"
        case 6:
            formula = "$$\nP = \\frac{1}{2} \\rho A v^3\n$$\n\n"
            return f"With $v_{rng.randrange(9)}^3$ as the cube, {_words(rng, 12)}:\n\n{formula}"
        case 7:
            return rng.choice(_OTHER_SCRIPTS)
        case _:
            link = f"[{_words(rng, 2)}](https://wind.example/{rng.randrange(99)})"
            return f"{_words(rng, 60)}, *{_words(rng, 3)}*. {_words(rng, 30)} {link}.\n\n"


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(count))
