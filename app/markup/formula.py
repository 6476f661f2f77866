r"""A formula in TeX as outlines, laid out by ziamath in the font STIX Two Math, within bounds.

ziamath takes time that is exponential in nesting, so a clock is looked at for every node of the layout and
ends it. That clock is the whole process's: one thread alone may lay out. What can't be set, for whatever
reason, is None, and its source is shown (markup.md §4).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from app.markup import limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EM = 24.0
"""The size of the text in which formulas are laid out; whoever draws them scales."""
SECONDS = 0.4
"""Of work. A sum of a hundred terms takes 0.3 s; what people write takes less than 0.08 s."""
DEPTH = 24
LENGTH = 1_200 * EM
"""No formula is wider or higher than that: `\\hspace{99999em}` is not set."""

Step: TypeAlias = tuple[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline, made of steps as in SVG (M, L, Q, C, Z), its lengths in 1/`EM` of the text's size.

    It is filled, or drawn with a `pen` of this width where that isn't 0. `color` is what the formula asks
    for, a name or #RRGGBB, untrusted; "" is the colour of the text.
    """

    steps: tuple[Step, ...]
    pen: float = 0.0
    color: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it is drawn, its left end on the baseline at 0, 0; y grows downwards."""

    shapes: tuple[Shape, ...]
    width: float
    ascent: float
    descent: float


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a formula is, or may be, in `EM`."""

    width: float
    ascent: float
    descent: float


# --- the guess -------------------------------------------------------------------------------------------

GUESSES = 500  # that are kept
_TOKEN = re.compile(r"\\([A-Za-z]+)|\\.|[^\s{}&^_]")
_TALL = re.compile(r"\\(?:d?frac|sum|prod|int|oint|binom|underbrace|overbrace|lim)\b")
_ROW = re.compile(r"\\\\")
_NO_WORDS = re.compile(r"\\(?:begin|end|color|label|tag|[hv]space)\*?\s*\{[^{}]*\}")
_NO_INK = frozenset(
    ["left", "right", "quad", "text", "mathrm", "mathbf", "mathbb", "mathcal", "operatorname", "big", "Big"]
)


@lru_cache(maxsize=GUESSES)  # Qt asks for it each time it lays out a line
def guess(tex: str, *, display: bool) -> Extent:
    """About how large the formula will be, for the room that is kept for it."""
    rows = _ROW.split(_NO_WORDS.sub("", tex[: limits.MATH_CHARACTERS]))
    width, height = 0.0, 0.0
    for row in rows:
        marks = sum(match[1] not in _NO_INK for match in _TOKEN.finditer(row) if match[1] != "")
        # A fraction's parts stand one above the other.
        tall = len(_TALL.findall(row))
        width = max(width, 0.55 * max(1, marks - tall) * (0.75 if tall else 1.0))
        height += 1.4 + (0.9 if tall and display else 0.4 if tall else 0.0)
    height -= 0.3
    if len(rows) == 1 and height < 1.2:
        return Extent(width, 0.8, 0.3)
    return Extent(width, height / 2 + 0.25, height / 2 - 0.25)


# --- the source ------------------------------------------------------------------------------------------

_NESTING = re.compile(r"\\left\b|\\right\b|\\begin\b|\\end\b|\\.|[{}]", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(\w+)\*?\}")
# What numbers its rows, and what latex2mathml doesn't know, as the nearest of what it does.
_ENVIRONMENTS = {
    **dict.fromkeys(("align", "alignat", "alignedat", "eqnarray", "flalign"), "align*"),
    **dict.fromkeys(("gather", "gathered", "multline"), "array"),
    "dcases": "cases",
}
_COUNT = re.compile(r"(\\begin\{align(?:at|edat)\*?\})\s*\{\d*\}")
_UNSET = re.compile(r"\\(?:tag\*?|label)\s*\{[^{}]*\}|\\(?:nonumber|notag)\b|\\allowdisplaybreaks\b|\u200b")
_WORDS = re.compile(r"(\\(?:text(?:bf|it|rm|sf|tt|normal)?|mbox)\s*)\{([^{}]*)\}")
_CHEMISTRY = re.compile(r"\\ce\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_ARROWS = {
    "<=>": r" \rightleftharpoons ",
    "<->": r" \leftrightarrow ",
    "->": r" \rightarrow ",
    "<-": r" \leftarrow ",
}


def _depth(tex: str) -> int:
    deepest = depth = 0
    for match in _NESTING.finditer(tex):
        if match[0] in {"{", "\\left", "\\begin"}:
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in {"}", "\\right", "\\end"}:
            depth -= 1
    return deepest


def _prepared(tex: str) -> str:
    """The source in the words that latex2mathml knows and ziamath draws."""
    tex = _COUNT.sub(r"\1", tex)
    tex = _ENVIRONMENT.sub(_environment, tex)
    tex = _UNSET.sub("", tex)
    tex = _WORDS.sub(lambda found: f"{found[1]}{{{_escaped(found[2])}}}", tex)
    return _CHEMISTRY.sub(lambda found: _chemistry(found[1]), tex)


def _environment(found: re.Match[str]) -> str:
    name = found[2]
    if name == "equation":
        return ""
    known = _ENVIRONMENTS.get(name)
    if known is None:
        return found[0]
    columns = "{c}" if known == "array" and found[1] == "begin" else ""
    return f"\\{found[1]}{{{known}}}{columns}"


def _escaped(words: str) -> str:
    # latex2mathml puts words between tags as they are.
    return words.replace("\\&", "&").replace("&", "&amp;").replace("<", "&lt;")


def _chemistry(formula: str) -> str:
    """A reaction of mhchem, as far as it is letters, numbers, charges and arrows."""
    for mark, arrow in _ARROWS.items():
        formula = formula.replace(mark, arrow)
    formula = re.sub(r"([A-Za-z)\]])(\d+)", r"\1_{\2}", formula)
    formula = re.sub(r"\^\{?([0-9]*[+-])\}?", r"^{\1}", formula)
    formula = re.sub(r"([A-Za-z}\)])([+-])(?=\s|$|\})", r"\1^{\2}", formula)
    return rf"\mathrm{{{formula}}}"


# --- the layout ------------------------------------------------------------------------------------------


class _LateError(Exception):
    """The layout takes too long, or nobody wants it any more."""


class _Clock:
    """Says when a layout has to end."""

    def __init__(self) -> None:
        self._deadline = self._used_up = 0.0
        self._is_unwanted: Callable[[], bool] = bool

    def start(self, seconds: float, is_unwanted: Callable[[], bool]) -> None:
        """Give this thread so many seconds of work; what other programs take of the time doesn't count."""
        self._deadline = time.perf_counter() + seconds
        self._used_up = time.thread_time() + seconds
        self._is_unwanted = is_unwanted

    def check(self) -> None:
        now = time.perf_counter()
        if now > self._deadline:  # asking for the thread's own time costs ten times as much
            left = self._used_up - time.thread_time()
            if left <= 0:
                raise _LateError
            self._deadline = now + left
        if self._is_unwanted():
            raise _LateError


_clock = _Clock()


def _wanted() -> bool:
    return False


def can_be_set(tex: str) -> bool:
    """Whether there is anything to set, and not too much of it: known before it is tried."""
    return len(tex) <= limits.MATH_CHARACTERS and bool(tex.strip())


def lay_out(
    tex: str, *, display: bool, seconds: float = SECONDS, is_unwanted: Callable[[], bool] = _wanted
) -> Formula | None:
    """The formula as outlines; None where it can't be set within the bounds, or `is_unwanted` by then.

    The first call loads ziamath, which takes half a second. Only one thread may be in here at a time.
    """
    if not can_be_set(tex) or _depth(tex) > DEPTH or is_unwanted():
        return None
    engine = _engine()
    _clock.start(seconds, is_unwanted)
    try:
        return _formula(engine.draw(_prepared(tex), display))
    except engine.faults:
        return None


@dataclass(frozen=True, slots=True)
class _Engine:
    """What draws a source as SVG, and what it raises for one that it doesn't understand."""

    draw: Callable[[str, bool], Element]
    faults: tuple[type[Exception], ...]


@cache
def _engine() -> _Engine:
    from xml.etree import ElementTree

    from latex2mathml import exceptions
    from ziafont.config import config
    from ziamath.nodes.mnode import Mnode
    from ziamath.tex import tex2mml
    from ziamath.zmath import Math

    config.svg2 = False  # glyphs as paths, each in its place
    config.precision = 4
    make = Mnode.fromelement.__func__  # type: ignore[attr-defined] # a class method's own function
    # The one place through which every node of a layout goes; it is no part of ziamath's interface.
    Mnode.fromelement = classmethod(_checked(make))  # type: ignore[assignment, method-assign]
    # The errors of latex2mathml have no base class of their own.
    own = [one for one in vars(exceptions).values() if isinstance(one, type) and issubclass(one, Exception)]

    def draw(tex: str, display: bool) -> Element:
        # Without ziamath's own reading of the MathML: its search for minus signs is quadratic, in one call
        # that lets no other thread go on; and latex2mathml writes none of the entities that it replaces.
        mathml = ElementTree.fromstring(tex2mml(tex, inline=not display))  # noqa: S314 (made here)
        _clock.check()
        return Math(mathml, size=EM, margin=0).svgxml()

    return _Engine(draw, (_LateError, *_FAULTS, *own))


_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def _checked(make: Callable[..., Any]) -> Callable[..., Any]:
    def fromelement(cls: type, *args: Any, **named: Any) -> Any:
        _clock.check()
        return make(cls, *args, **named)

    return fromelement


# --- the outlines ----------------------------------------------------------------------------------------

_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*(?:e-?\d+[^A-Za-z]*)*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_SIZES = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


def _formula(svg: Element) -> Formula | None:
    left, top, width, height = map(float, svg.attrib["viewBox"].split())
    if not (0 <= width <= LENGTH and 0 <= height <= LENGTH):
        return None
    shapes = tuple(_moved(shape, -left) for shape in _shapes(svg))
    return Formula(shapes, width, -top, height + top) if shapes else None


def _moved(shape: Shape, across: float) -> Shape:
    steps = tuple(
        (name, tuple(n + across if not i % 2 else n for i, n in enumerate(numbers)))
        for name, numbers in shape.steps
    )
    return Shape(steps, shape.pen, shape.color)


def _shapes(svg: Element) -> Iterator[Shape]:
    for element in svg:
        _clock.check()
        at = element.attrib
        match element.tag:
            case "path":
                yield _shape(tuple(_steps(at["d"])), at)
            case "rect":
                x, y, width, height = (float(at[name]) for name in ("x", "y", "width", "height"))
                corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
                steps = tuple(("L" if i else "M", corner) for i, corner in enumerate(corners))
                yield _shape((*steps, ("Z", ())), at)
            case "g" | "svg":
                yield from _shapes(element)
            case _:
                pass  # the head of an arrow through what is struck out


def _shape(steps: tuple[Step, ...], at: dict[str, str]) -> Shape:
    stroke = at.get("stroke", "none")
    if stroke == "none":
        return Shape(steps, 0.0, _color(at.get("fill", "")))
    return Shape(steps, float(at.get("stroke-width", "1")), _color(stroke))


def _color(name: str) -> str:
    return "" if name in {"black", "currentColor"} else name


def _steps(path: str) -> Iterator[Step]:
    for match in _STEP.finditer(path):
        name = match[1].upper()
        numbers = tuple(map(float, _NUMBER.findall(match[2])))
        if match[1] not in {"z", name} or len(numbers) != _SIZES.get(name):
            raise ValueError("a path has a step that is not known")
        yield name, numbers
