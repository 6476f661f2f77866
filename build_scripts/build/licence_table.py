"""The bundled parts that no Python package tells of: Qt, Python, fonts, and the libraries within them."""

from __future__ import annotations

from typing import NamedTuple

from build_scripts.build.parts_in_qt import IN_QT, LINUX, WINDOWS, part


class Told(NamedTuple):
    """What a Python package leaves out of its own description, or says in words that aren't SPDX's."""

    licence: str
    notice: str = ""
    texts: tuple[str, ...] = ()
    homepage: str = ""


_QT = (
    "Copyright (C) The Qt Company Ltd. and other contributors.\n"
    "Qt is used under the GNU Lesser General Public License, version 3. Its libraries are files of their own "
    "beside the program, unchanged: you may put others of the same version in their place. Their source is "
    "at https://download.qt.io/official_releases/."
)
_QT_TEXTS = ("LGPL-3.0-only.txt",)  # with the text of the GPL that it refers to

TOLD = {
    "apsw": Told("Zlib", "SQLite, which it holds, is in the public domain."),
    "backports-tarfile": Told("MIT"),
    "certifi": Told("MPL-2.0", texts=("MPL-2.0.txt",)),
    "h11": Told("MIT"),
    "httpx": Told("BSD-3-Clause"),
    "jaraco-classes": Told("MIT"),
    "latex2mathml": Told("MIT", "Copyright (c) 2016 Ronie Martinez", ("MIT.txt",)),
    "linkify-it-py": Told("MIT"),
    "markdown-it-py": Told("MIT"),
    "mdit-py-plugins": Told("MIT"),
    "mdurl": Told("MIT"),
    "pyside6-essentials": Told("LGPL-3.0-only", _QT, _QT_TEXTS, "https://www.qt.io"),
    "python-xlib": Told("LGPL-2.1-or-later", "Copyright (C) 2000-2002 Peter Liljenberg and contributors."),
    "pywin32-ctypes": Told(
        "BSD-3-Clause",
        "Copyright (c) 2014, Enthought, Inc. All rights reserved.",
        ("BSD-3-Clause.txt",),
        "https://github.com/enthought/pywin32-ctypes",
    ),
    "shiboken6": Told("LGPL-3.0-only", _QT, _QT_TEXTS, "https://www.qt.io"),
    "six": Told("MIT"),
    "socksio": Told("MIT"),
    "ziafont": Told("MIT"),
    "ziamath": Told("MIT"),
}


OTHERS = (
    *IN_QT,
    part(
        "Python",
        "PSF-2.0",
        "Copyright (c) 2001 Python Software Foundation. All Rights Reserved.",
        "Python",
    ),
    part(
        "STIX Two Math",
        "OFL-1.1",
        "The font of formulas. Copyright 2001-2020 The STIX Fonts Project Authors",
    )._replace(texts=("../STIX-Two-Math.txt",), homepage="https://github.com/stipub/stixfonts"),
    part(
        "DejaVu Sans (in ziafont)",
        "Bitstream-Vera",
        "Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. Bitstream Vera is a trademark of "
        "Bitstream, Inc.\nCopyright (c) 2006 by Tavmjong Bah. All Rights Reserved. "
        "DejaVu changes are in public domain.",
        "Bitstream-Vera",
    ),
    part(
        "OpenSSL",
        "Apache-2.0",
        "Copyright (c) 1998-2026 The OpenSSL Project Authors\n"
        "Copyright (c) 1995-1998 Eric A. Young, Tim J. Hudson",
        "Apache-2.0",
    ),
    part("libffi", "MIT", "Copyright (c) 1996-2024 Anthony Green, Red Hat, Inc and others.", "MIT"),
    part(
        "Expat",
        "MIT",
        "Copyright (c) 1998-2000 Thai Open Source Software Center Ltd and Clark Cooper\n"
        "Copyright (c) 2001-2025 Expat maintainers",
        "MIT",
    ),
    part(
        "bzip2", "bzip2-1.0.6", "Copyright (C) 1996-2019 Julian R Seward. All rights reserved.", "bzip2-1.0.6"
    ),
    part("XZ Utils (liblzma)", "0BSD", "Copyright (C) The XZ Utils authors and contributors", "0BSD"),
    part("zlib", "Zlib", "Copyright (C) 1995-2024 Jean-loup Gailly and Mark Adler", "Zlib"),
    part(
        "libmpdec",
        "BSD-2-Clause",
        "Copyright (c) 2008-2020 Stefan Krah. All rights reserved.",
        "BSD-2-Clause",
    ),
    part(
        "libxcb",
        "X11",
        "Copyright (C) 2001-2006 Bart Massey, Jamey Sharp, and Josh Triplett. All Rights Reserved.",
        "X11",
        systems=LINUX,
    ),
    part(
        "xcb-util libraries",
        "X11",
        "Copyright (C) 2001-2008 Bart Massey, Jamey Sharp, and Josh Triplett\n"
        "Copyright (C) 2000 Keith Packard\nCopyright (C) 2007-2008 Vincent Torri\n"
        "Copyright (C) 2008-2009 Julien Danjou\nCopyright (C) 2013 Michael Stapelberg",
        "X11",
        systems=LINUX,
    ),
    part(
        "libxkbcommon",
        "MIT AND X11 AND HPND",
        "Copyright 1985, 1987, 1988, 1990, 1998 The Open Group\n"
        "Copyright 1987, 1988 by Digital Equipment Corporation, Maynard, Massachusetts\n"
        "Copyright (c) 1993-1996 by Silicon Graphics Computer Systems, Inc.\n"
        "Copyright 2008, 2009 Dan Nicholson\nCopyright (c) 2012 Intel Corporation, Daniel Stone, Ran Benita",
        "MIT",
        "X11",
        "HPND",
        systems=LINUX,
    ),
    part(
        "Microsoft Visual C++ runtime",
        "LicenseRef-Microsoft-Visual-Studio-Redistributable",
        "Copyright (c) Microsoft Corporation. Distributed as the license terms of Microsoft Visual Studio "
        "permit for the files that they name as distributable code.",
        systems=WINDOWS,
    ),
    part(
        "Mesa (software OpenGL for Qt)",
        "MIT",
        "Copyright (C) 1999-2007 Brian Paul and the authors of Mesa. All Rights Reserved.",
        "MIT",
        systems=WINDOWS,
    ),
)
