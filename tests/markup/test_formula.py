"""Formulas as outlines, and the bounds that keep a hostile one from taking the worker with it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from threading import Event

import pytest

from app.markup.blocks import UNFINISHED, Math, MathBlock, Paragraph, runs
from app.markup.formula import EM, LENGTH, guess, lay_out
from app.markup.parse import parse
from app.markup.tail import GrowingMarkdown

ROOT = Path(__file__).parents[2]

SETTABLE = [
    r"x_1^2",
    r"\frac{a}{b}",
    r"a < b > c",
    r"\text{if } x < 0 \text{ or a & b < c}",
    r"\begin{align}a&=b\\c&=d\end{align}",
    r"\begin{alignat}{2}a&=b\\c&=d\end{alignat}",
    r"\begin{eqnarray}a&=b\end{eqnarray}",
    r"\begin{equation}a=b\label{one}\end{equation}",
    r"\begin{gather}a\\b\end{gather}",
    r"\begin{dcases}a&b\\c&d\end{dcases}",
    r"E = mc^2 \tag{1}",
    r"\ce{2H2 + O2 -> 2H2O}",
    r"\boxed{x} \cancel{y}",
    r"\hspace{3em}x",
]
HOSTILE = [
    r"\frac{1}{" * 10 + "x" + "}" * 10,
    r"\sqrt{" * 23 + "x" + "}" * 23,
    "x^{" * 300 + "y" + "}" * 300,
    r"\frac" * 300,
    r"\sqrt" * 300 + "x",
    "^" * 1990,
    "-" * 1990,
    "<" * 1990,
    "a" * 2001,
    "+".join(["a_i"] * 400),
    r"\begin{matrix}" + r"\\".join(["&".join(["1"] * 30)] * 30) + r"\end{matrix}",
    r"\hspace{99999999em}x",
    r"\rule{1em}{99999999em}",
    "a\0b",
    "a & b",
    r"\frac{1}",
    r"\left(",
    "{",
    "%",
    " ",
]


@pytest.mark.parametrize("tex", SETTABLE)
def test_what_people_write_is_set(tex: str) -> None:
    formula = lay_out(tex, display=True, seconds=20.0)
    assert formula is not None
    assert formula.shapes
    assert formula.width > 0
    assert formula.ascent + formula.descent > 0


@pytest.mark.parametrize("tex", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_too_much_or_no_formula_is_not_set(tex: str) -> None:
    assert lay_out(tex, display=True) is None


def test_a_formula_after_a_hostile_one_is_set() -> None:
    assert lay_out(HOSTILE[0], display=True, seconds=0.01) is None
    assert lay_out("x", display=True, seconds=20.0) is not None


def test_a_formula_reaches_below_the_line_and_its_width_is_that_of_its_ink() -> None:
    formula = lay_out("x_1^2", display=False, seconds=20.0)
    assert formula is not None
    ends = [step[1][-2:] for shape in formula.shapes for step in shape.steps if step[1]]
    across, down = [end[0] for end in ends], [end[1] for end in ends]
    assert formula.descent == pytest.approx(max(down), abs=0.05 * EM)
    assert formula.ascent == pytest.approx(-min(down), abs=0.05 * EM)
    assert formula.width == pytest.approx(max(across), abs=0.05 * EM)


def test_equations_have_no_numbers() -> None:
    first, second = (lay_out(r"\begin{align}a&=b\end{align}", display=True, seconds=20.0) for _ in range(2))
    assert first == second
    assert first is not None
    assert first.width < 5 * EM


def test_colours_are_the_texts_but_where_others_are_asked_for() -> None:
    plain = lay_out(r"\frac{a}{b}", display=True, seconds=20.0)
    red = lay_out(r"\textcolor{red}{a} b", display=True, seconds=20.0)
    assert plain is not None
    assert red is not None
    assert {shape.color for shape in plain.shapes} == {""}
    assert [shape.color for shape in red.shapes] == ["red", ""]


def test_nobody_waits_for_a_formula_that_is_not_wanted_any_more() -> None:
    asked: list[None] = []

    def is_unwanted() -> bool:
        asked.append(None)
        return len(asked) > 3

    assert lay_out(HOSTILE[0], display=True, seconds=1000.0, is_unwanted=is_unwanted) is None
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("tex", "display"),
    [
        ("x", False),
        (r"\frac{a}{b}", True),
        (r"a = b + c", False),
        (r"\begin{matrix}a&b\\c&d\end{matrix}", True),
    ],
)
def test_the_room_that_is_kept_is_about_right(tex: str, display: bool) -> None:
    formula, thought = lay_out(tex, display=display, seconds=20.0), guess(tex, display=display)
    assert formula is not None
    assert 0.4 < thought.width / (formula.width / EM) < 2.5
    height = (formula.ascent + formula.descent) / EM
    assert abs(thought.ascent + thought.descent - height) < 0.8


def test_a_guess_is_bounded_by_the_length_of_the_source() -> None:
    assert guess("a" * 100_000, display=True).width * EM <= LENGTH


def test_the_version_whose_inside_is_known_is_the_one_that_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"ziamath=={version('ziamath')}" in project["dependencies"]


def test_nothing_of_ziamath_is_loaded_before_the_first_formula() -> None:
    code = "import sys, app.ui.transcript.view; print([name for name in sys.modules if 'zia' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_the_licence_of_the_font_is_shipped() -> None:
    text = (ROOT / "resources" / "licences" / "STIX-Two-Math.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in text
    assert "The STIX Fonts Project Authors" in text


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5, or $10.",
        "between $5 and $10",
        "$5-$10 a month",
        "US$5 and US$6",
        "$1,000.00 plus $20.50",
        "a $ sign and another $ sign",
        "from $5/month to $9/month, $12 later",
        "paid $3 for it ($4 with tax)",
        "$PATH and $HOME",
        "5$ and 6$",
    ],
)
def test_prices_are_no_formulas(text: str) -> None:
    (block,) = parse(text)
    assert isinstance(block, Paragraph)
    assert not [run for run in runs(block.spans) if isinstance(run.leaf, Math)]


@pytest.mark.parametrize("text", ["so $x^2 + ", r"so \(a+", r"so \[a", "so $$x"])
def test_a_formula_whose_end_has_not_come_is_a_sign(text: str) -> None:
    growing = GrowingMarkdown()
    growing.feed(text)
    (block,) = growing.update().blocks
    assert isinstance(block, Paragraph)
    assert [run.leaf for run in runs(block.spans)][-1] == Math(UNFINISHED)


def test_so_is_a_formula_on_lines_of_its_own() -> None:
    growing = GrowingMarkdown()
    growing.feed("$$\nx^2 + \n")
    (block,) = growing.update().blocks
    assert block == MathBlock(UNFINISHED, False, block.lines)
    growing.feed("y\n$$\n")
    (block,) = growing.update().blocks
    assert isinstance(block, MathBlock)
    assert block.closed
    assert block.tex.endswith("y")


def test_what_other_programs_take_of_the_time_does_not_count() -> None:
    waits = iter([0.0, 2.0])  # seconds; at first it is asked before the layout begins

    def is_unwanted() -> bool:
        # The thread gets no time of the processor for longer than it may work.
        return Event().wait(next(waits, 0.0))

    assert lay_out("x", display=True, seconds=20.0) is not None
    assert lay_out("x^2", display=True, seconds=1.0, is_unwanted=is_unwanted) is not None
    assert next(waits, None) is None
