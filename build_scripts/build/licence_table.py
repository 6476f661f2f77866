"""The bundled parts that no Python package tells of: Qt, Python, fonts, and the libraries within them."""

from __future__ import annotations

from typing import NamedTuple

from app.core.components import Component

LINUX, WINDOWS, MACOS = ("linux",), ("win32",), ("darwin",)


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


def _in_qt(name: str, licence: str, notice: str, *texts: str, systems: tuple[str, ...] = ()) -> Component:
    return _part(f"{name} (in Qt)", licence, notice, *texts, systems=systems)


def _part(name: str, licence: str, notice: str, *texts: str, systems: tuple[str, ...] = ()) -> Component:
    return Component(
        name, "", licence, notice=notice, texts=tuple(f"{text}.txt" for text in texts), systems=systems
    )


# Qt's own account of what is in it is the page "Licenses Used in Qt" of its documentation; here are those of
# the modules and plugins that the build keeps (contents.py).
OTHERS = (
    _part(
        "Python",
        "PSF-2.0",
        "Copyright (c) 2001 Python Software Foundation. All Rights Reserved.",
        "Python",
    ),
    _part(
        "STIX Two Math",
        "OFL-1.1",
        "The font of formulas. Copyright 2001-2020 The STIX Fonts Project Authors",
    )._replace(texts=("../STIX-Two-Math.txt",), homepage="https://github.com/stipub/stixfonts"),
    _part(
        "DejaVu Sans (in ziafont)",
        "Bitstream-Vera",
        "Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. Bitstream Vera is a trademark of "
        "Bitstream, Inc.\nCopyright (c) 2006 by Tavmjong Bah. All Rights Reserved. "
        "DejaVu changes are in public domain.",
        "Bitstream-Vera",
    ),
    _part(
        "OpenSSL",
        "Apache-2.0",
        "Copyright (c) 1998-2026 The OpenSSL Project Authors\n"
        "Copyright (c) 1995-1998 Eric A. Young, Tim J. Hudson",
        "Apache-2.0",
    ),
    _part("libffi", "MIT", "Copyright (c) 1996-2024 Anthony Green, Red Hat, Inc and others.", "MIT"),
    _part(
        "Expat",
        "MIT",
        "Copyright (c) 1998-2000 Thai Open Source Software Center Ltd and Clark Cooper\n"
        "Copyright (c) 2001-2025 Expat maintainers",
        "MIT",
    ),
    _part(
        "bzip2", "bzip2-1.0.6", "Copyright (C) 1996-2019 Julian R Seward. All rights reserved.", "bzip2-1.0.6"
    ),
    _part("XZ Utils (liblzma)", "0BSD", "Copyright (C) The XZ Utils authors and contributors", "0BSD"),
    _part("zlib", "Zlib", "Copyright (C) 1995-2024 Jean-loup Gailly and Mark Adler", "Zlib"),
    _part(
        "libmpdec",
        "BSD-2-Clause",
        "Copyright (c) 2008-2020 Stefan Krah. All rights reserved.",
        "BSD-2-Clause",
    ),
    _part(
        "libxcb",
        "X11",
        "Copyright (C) 2001-2006 Bart Massey, Jamey Sharp, and Josh Triplett. All Rights Reserved.",
        "X11",
        systems=LINUX,
    ),
    _part(
        "xcb-util libraries",
        "X11",
        "Copyright (C) 2001-2008 Bart Massey, Jamey Sharp, and Josh Triplett\n"
        "Copyright (C) 2000 Keith Packard\nCopyright (C) 2007-2008 Vincent Torri\n"
        "Copyright (C) 2008-2009 Julien Danjou\nCopyright (C) 2013 Michael Stapelberg",
        "X11",
        systems=LINUX,
    ),
    _part(
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
    _part(
        "Microsoft Visual C++ runtime",
        "LicenseRef-Microsoft-Visual-Studio-Redistributable",
        "Copyright (c) Microsoft Corporation. Distributed as the license terms of Microsoft Visual Studio "
        "permit for the files that they name as distributable code.",
        systems=WINDOWS,
    ),
    _part(
        "Mesa (software OpenGL for Qt)",
        "MIT",
        "Copyright (C) 1999-2007 Brian Paul and the authors of Mesa. All Rights Reserved.",
        "MIT",
        systems=WINDOWS,
    ),
    _in_qt(
        "ICU", "Unicode-3.0", "Copyright © 2016-2024 Unicode, Inc. and others", "Unicode-3.0", systems=LINUX
    ),
    _in_qt("Unicode data and CLDR", "Unicode-3.0", "Copyright © 1991-2024 Unicode, Inc.", "Unicode-3.0"),
    _in_qt(
        "PCRE2",
        "BSD-3-Clause",
        "Copyright (c) 1997-2007 University of Cambridge\nCopyright (c) 2007-2024 Philip Hazel\n"
        "Copyright (c) 2010-2024 Zoltan Herczeg",
        "BSD-3-Clause",
    ),
    _in_qt(
        "double-conversion", "BSD-3-Clause", "Copyright 2006-2012, the V8 project authors", "BSD-3-Clause"
    ),
    _in_qt(
        "easing equations",
        "BSD-3-Clause",
        "Copyright (c) 2001 Robert Penner. All rights reserved.",
        "BSD-3-Clause",
    ),
    _in_qt("TinyCBOR and forkfd", "MIT", "Copyright (C) 2015-2021 Intel Corporation", "MIT"),
    _in_qt(
        "SipHash, BLAKE2 and SHA-3",
        "CC0-1.0",
        "Jean-Philippe Aumasson, Samuel Neves, Ronny Van Keer",
        "CC0-1.0",
    ),
    _in_qt("Public Suffix List", "MPL-2.0", "The list's data: https://publicsuffix.org", "MPL-2.0"),
    _in_qt(
        "FreeType",
        "FTL",
        "Portions of this software are copyright © 1996-2024 The FreeType Project (https://freetype.org). "
        "All rights reserved.",
        "FTL",
    ),
    _in_qt(
        "HarfBuzz",
        "MIT-Modern-Variant",
        "Copyright © 2004-2013 Red Hat, Inc.\nCopyright © 2009 Keith Stribley\n"
        "Copyright © 2010-2024 Google, Inc.\n"
        "Copyright © 2011 Codethink Limited\nCopyright © 2012-2015 Mozilla Foundation\n"
        "Copyright © 2018-2020 Ebrahim Byagowi\nCopyright © 2019-2022 Facebook, Inc. and Adobe, Inc.",
        "MIT-Modern-Variant",
    ),
    _in_qt("libpng", "libpng-2.0", "Copyright (c) 1995-2024 The PNG Reference Library Authors", "libpng-2.0"),
    _in_qt(
        "libjpeg-turbo",
        "IJG AND BSD-3-Clause",
        "This software is based in part on the work of the Independent JPEG Group.\n"
        "Copyright (C) 1991-2020 Thomas G. Lane, Guido Vollbeding\nCopyright (C) 2009-2024 D. R. Commander",
        "IJG",
        "BSD-3-Clause",
    ),
    _in_qt("libwebp", "BSD-3-Clause", "Copyright (c) 2010, Google Inc. All rights reserved.", "BSD-3-Clause"),
    _in_qt("MD4C", "MIT", "Copyright © 2016-2024 Martin Mitáš", "MIT"),
    _in_qt(
        "smooth scaling",
        "Imlib2",
        "Copyright (C) 2000-2005 Carsten Haitzler, Daniel M. Duley and others",
        "Imlib2",
    ),
    _in_qt("SVG arcs (XSVG)", "HPND", "Copyright 2002 USC/Information Sciences Institute", "HPND"),
    _in_qt(
        "Adobe Glyph List",
        "BSD-3-Clause",
        "Copyright 2002-2019 Adobe (http://www.adobe.com/)",
        "BSD-3-Clause",
    ),
    _in_qt("emoji segmenter", "Apache-2.0", "Copyright 2019 Google LLC", "Apache-2.0"),
    _in_qt("pixman drawing", "MIT", "Copyright © 2009 Nokia Corporation\nCopyright © 2009 ARM Ltd", "MIT"),
    _in_qt("Vulkan Memory Allocator", "MIT", "Copyright (c) 2017-2024 Advanced Micro Devices, Inc.", "MIT"),
    _in_qt(
        "OpenGL and Vulkan headers",
        "MIT AND Apache-2.0",
        "Copyright (c) 2013-2024 The Khronos Group Inc.",
        "MIT",
        "Apache-2.0",
    ),
    _in_qt(
        "X server helper",
        "X11 AND HPND",
        "Copyright (c) 1987, 1988 Digital Equipment Corporation\nCopyright (c) 1991, 1993 X Consortium",
        "X11",
        "HPND",
        systems=LINUX,
    ),
    _in_qt(
        "Wayland protocols",
        "MIT AND HPND",
        "Copyright © 2008-2013 Kristian Høgsberg\nCopyright © 2010-2015 Intel Corporation\n"
        "Copyright © 2012-2016 Collabora, Ltd.\nCopyright © 2015-2016 Red Hat Inc.",
        "MIT",
        "HPND",
        systems=LINUX,
    ),
    _in_qt(
        "AT-SPI 2 constants",
        "LGPL-2.1-or-later",
        "Copyright 2001, 2002 Sun Microsystems Inc.\nCopyright 2001, 2002 Ximian, Inc.",
        "LGPL-2.1-or-later",
        systems=LINUX,
    ),
    _in_qt(
        "IAccessible2",
        "BSD-3-Clause",
        "Copyright (c) 2000-2013 Linux Foundation",
        "BSD-3-Clause",
        systems=WINDOWS,
    ),
    _in_qt(
        "D3D12 Memory Allocator",
        "MIT",
        "Copyright (c) 2019-2023 Advanced Micro Devices, Inc. All rights reserved.",
        "MIT",
        systems=WINDOWS,
    ),
    _in_qt(
        "Cocoa platform plugin",
        "BSD-3-Clause",
        "Copyright (c) 2007-2008, Apple, Inc. All rights reserved.",
        "BSD-3-Clause",
        systems=MACOS,
    ),
)
