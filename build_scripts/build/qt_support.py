"""PySide6's own support modules, compiled beforehand.

PySide6 carries them as source, packed into one of its libraries, and compiles them at each start: an eighth
of what a bare window costs. Where it finds them as files instead (`find_incarnated_files` in its
`signature_bootstrap.py`), it takes these.
"""

from __future__ import annotations

import py_compile
import sys
from pathlib import Path

from build_scripts.build.steps import BuildError, run

PLACE = "shiboken6/files.dir"  # in the frozen app; PySide6 looks nowhere else
# Asked of a process of its own, so that no Qt is loaded into the one that freezes.
_UNPACK = """
import sys
import PySide6.QtCore, shibokensupport
loader = shibokensupport.__loader__
names = [name for name in loader.zfile.namelist() if name.endswith(".py")]
loader.zfile.extractall(sys.argv[1], names)
"""


def support_modules(folder: Path) -> list[tuple[str, str]]:
    """Write the compiled modules below `folder`; returns PyInstaller's pairs of file and folder."""
    run([sys.executable, "-c", _UNPACK, folder])
    sources = sorted(folder.glob("shibokensupport/**/*.py"))
    if not sources:
        raise BuildError(f"PySide6's support modules were not found; was it {PLACE} that changed?")
    pairs = []
    for source in sources:
        below = source.relative_to(folder)
        compiled = source.with_suffix(".pyc")
        _compile(source, compiled, f"{PLACE}/{below}")
        pairs.append((str(compiled), str(Path(PLACE, below.parent))))
    return pairs


def _compile(source: Path, target: Path, name: str) -> None:
    made = target.with_suffix(".new")
    # Nothing looks for a source that isn't there, so its time and hash don't matter.
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(source), str(made), name, doraise=True, invalidation_mode=mode)
    # A file that is as it was is no reason to freeze anew.
    if target.exists() and target.read_bytes() == made.read_bytes():
        made.unlink()
    else:
        made.replace(target)
