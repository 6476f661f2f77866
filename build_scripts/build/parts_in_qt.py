"""The parts of others that Qt's libraries hold, as far as the build keeps these (contents.py).

Qt's own account of them is the page "Licenses Used in Qt" of its documentation.
"""

from __future__ import annotations

from app.core.components import Component

LINUX, WINDOWS, MACOS = ("linux",), ("win32",), ("darwin",)


def part(name: str, licence: str, notice: str, *texts: str, systems: tuple[str, ...] = ()) -> Component:
    """A part with the names of the shared texts that belong to it."""
    return Component(
        name, "", licence, notice=notice, texts=tuple(f"{text}.txt" for text in texts), systems=systems
    )


def in_qt(name: str, licence: str, notice: str, *texts: str, systems: tuple[str, ...] = ()) -> Component:
    """A part of others that Qt holds."""
    return part(f"{name} (in Qt)", licence, notice, *texts, systems=systems)


IN_QT = (
    in_qt(
        "ICU", "Unicode-3.0", "Copyright © 2016-2024 Unicode, Inc. and others", "Unicode-3.0", systems=LINUX
    ),
    in_qt("Unicode data and CLDR", "Unicode-3.0", "Copyright © 1991-2024 Unicode, Inc.", "Unicode-3.0"),
    in_qt(
        "PCRE2",
        "BSD-3-Clause",
        "Copyright (c) 1997-2007 University of Cambridge\nCopyright (c) 2007-2024 Philip Hazel\n"
        "Copyright (c) 2010-2024 Zoltan Herczeg",
        "BSD-3-Clause",
    ),
    in_qt("double-conversion", "BSD-3-Clause", "Copyright 2006-2012, the V8 project authors", "BSD-3-Clause"),
    in_qt(
        "easing equations",
        "BSD-3-Clause",
        "Copyright (c) 2001 Robert Penner. All rights reserved.",
        "BSD-3-Clause",
    ),
    in_qt("TinyCBOR and forkfd", "MIT", "Copyright (C) 2015-2021 Intel Corporation", "MIT"),
    in_qt(
        "SipHash, BLAKE2 and SHA-3",
        "CC0-1.0",
        "Jean-Philippe Aumasson, Samuel Neves, Ronny Van Keer",
        "CC0-1.0",
    ),
    in_qt("Public Suffix List", "MPL-2.0", "The list's data: https://publicsuffix.org", "MPL-2.0"),
    in_qt(
        "FreeType",
        "FTL",
        "Portions of this software are copyright © 1996-2024 The FreeType Project (https://freetype.org). "
        "All rights reserved.",
        "FTL",
    ),
    in_qt(
        "HarfBuzz",
        "MIT-Modern-Variant",
        "Copyright © 2004-2013 Red Hat, Inc.\nCopyright © 2009 Keith Stribley\n"
        "Copyright © 2010-2024 Google, Inc.\n"
        "Copyright © 2011 Codethink Limited\nCopyright © 2012-2015 Mozilla Foundation\n"
        "Copyright © 2018-2020 Ebrahim Byagowi\nCopyright © 2019-2022 Facebook, Inc. and Adobe, Inc.",
        "MIT-Modern-Variant",
    ),
    in_qt("libpng", "libpng-2.0", "Copyright (c) 1995-2024 The PNG Reference Library Authors", "libpng-2.0"),
    in_qt(
        "libjpeg-turbo",
        "IJG AND BSD-3-Clause",
        "This software is based in part on the work of the Independent JPEG Group.\n"
        "Copyright (C) 1991-2020 Thomas G. Lane, Guido Vollbeding\nCopyright (C) 2009-2024 D. R. Commander",
        "IJG",
        "BSD-3-Clause",
    ),
    in_qt("libwebp", "BSD-3-Clause", "Copyright (c) 2010, Google Inc. All rights reserved.", "BSD-3-Clause"),
    in_qt("MD4C", "MIT", "Copyright © 2016-2024 Martin Mitáš", "MIT"),
    in_qt(
        "smooth scaling",
        "BSD-2-Clause AND Imlib2",
        "Copyright (C) 2004, 2005 Daniel M. Duley\nCopyright (C) Carsten Haitzler and various contributors\n"
        "Copyright (C) Willem Monsuwe",
        "BSD-2-Clause",
        "Imlib2",
    ),
    in_qt("SVG arcs (XSVG)", "HPND", "Copyright 2002 USC/Information Sciences Institute", "HPND"),
    in_qt(
        "Adobe Glyph List",
        "BSD-3-Clause",
        "Copyright 2002-2019 Adobe (http://www.adobe.com/)",
        "BSD-3-Clause",
    ),
    in_qt("emoji segmenter", "Apache-2.0", "Copyright 2019 Google LLC", "Apache-2.0"),
    in_qt("pixman drawing", "MIT", "Copyright © 2009 Nokia Corporation\nCopyright © 2009 ARM Ltd", "MIT"),
    in_qt("Vulkan Memory Allocator", "MIT", "Copyright (c) 2017-2024 Advanced Micro Devices, Inc.", "MIT"),
    in_qt(
        "OpenGL and Vulkan headers",
        "MIT AND Apache-2.0",
        "Copyright (c) 2013-2024 The Khronos Group Inc.",
        "MIT",
        "Apache-2.0",
    ),
    in_qt(
        "X server helper",
        "X11 AND HPND",
        "Copyright (c) 1987, 1988 Digital Equipment Corporation\nCopyright (c) 1991, 1993 X Consortium",
        "X11",
        "HPND",
        systems=LINUX,
    ),
    in_qt(
        "Wayland protocols",
        "MIT AND HPND",
        "Copyright © 2008-2013 Kristian Høgsberg\nCopyright © 2010-2015 Intel Corporation\n"
        "Copyright © 2012-2016 Collabora, Ltd.\nCopyright © 2015-2016 Red Hat Inc.",
        "MIT",
        "HPND",
        systems=LINUX,
    ),
    in_qt(
        "AT-SPI 2 constants",
        "LGPL-2.1-or-later",
        "Copyright 2001, 2002 Sun Microsystems Inc.\nCopyright 2001, 2002 Ximian, Inc.",
        "LGPL-2.1-or-later",
        systems=LINUX,
    ),
    in_qt(
        "IAccessible2",
        "BSD-3-Clause",
        "Copyright (c) 2000-2013 Linux Foundation",
        "BSD-3-Clause",
        systems=WINDOWS,
    ),
    in_qt(
        "D3D12 Memory Allocator",
        "MIT",
        "Copyright (c) 2019-2023 Advanced Micro Devices, Inc. All rights reserved.",
        "MIT",
        systems=WINDOWS,
    ),
    in_qt(
        "Cocoa platform plugin and event dispatcher",
        "BSD-3-Clause",
        "Copyright (c) 2007-2008, Apple, Inc. All rights reserved.",
        "BSD-3-Clause",
        systems=MACOS,
    ),
    in_qt(
        "MIME types of Apache Tika",
        "Apache-2.0",
        "Copyright 2026 The Apache Software Foundation",
        "Apache-2.0",
    ),
    in_qt(
        "SHA-384 and SHA-512",
        "BSD-3-Clause",
        "Copyright (c) 2011 IETF Trust and the persons identified as authors of the code",
        "BSD-3-Clause",
    ),
    in_qt(
        "MD4, MD5 and SHA-1",
        "LicenseRef-Public-Domain",
        "Written by Alexander Peslyak (MD4), Colin Plumb and Ian Jackson (MD5) and Dominik Reichl (SHA-1), "
        "who have placed them in the public domain. There is no warranty.",
    ),
    in_qt("byte orders of SHA-3", "BSD-2-Clause", "Copyright (c) 1998-2013 Brian Gladman", "BSD-2-Clause"),
    in_qt("tl::expected", "CC0-1.0", "Sy Brand has waived all copyright to it.", "CC0-1.0"),
    in_qt(
        "PCRE2’s compiler (SLJIT)",
        "BSD-2-Clause",
        "Copyright Zoltan Herczeg (hzmester@freemail.hu)",
        "BSD-2-Clause",
    ),
    in_qt(
        "zlib",
        "Zlib",
        "Copyright (C) 1995-2026 Jean-loup Gailly and Mark Adler",
        "Zlib",
    ),
    in_qt(
        "libdbus headers",
        "AFL-2.1 OR GPL-2.0-or-later",
        "Copyright (C) 2002, 2003 CodeFactory AB\nCopyright (C) 2004, 2005 Red Hat, Inc.\n"
        "Licensed under the Academic Free License version 2.1",
        "AFL-2.1",
    ),
    in_qt(
        "FreeType’s bitmap fonts",
        "MIT AND MIT-open-group",
        "Copyright (c) 2000 Computing Research Labs, New Mexico State University\n"
        "Copyright (c) 2000-2014 Francesco Zappa Nardelli\n"
        "Copyright (c) 2001, 2012 David Turner, Robert Wilhelm, and Werner Lemberg\n"
        "Copyright (c) 1990, 1994, 1998 The Open Group",
        "MIT",
        "MIT-open-group",
    ),
    in_qt("WebGradients", "MIT", "Copyright (c) 2017 itmeo", "MIT"),
    in_qt(
        "sRGB colour profile",
        "LicenseRef-ICC-License",
        "Copyright International Color Consortium, 2015\n"
        'To anyone who acknowledges that the file "sRGB2014.icc" is provided "AS IS" WITH NO EXPRESS OR '
        "IMPLIED WARRANTY, permission to use, copy and distribute this file for any purpose is hereby "
        "granted without fee, provided that the file is not changed including the ICC copyright notice "
        "tag, and that the name of ICC shall not be used in advertising or publicity pertaining to "
        "distribution of the software without specific, written prior permission. ICC makes no "
        "representations about the suitability of this software for any purpose.",
    ),
    in_qt(
        "D-Bus menu of KDE for Wayland",
        "LGPL-2.1-or-later",
        "Copyright 2017 David Edmundson",
        "LGPL-2.1-or-later",
        systems=LINUX,
    ),
    in_qt(
        "Wintab",
        "LicenseRef-Lcs-Telegraphics",
        "Copyright 1991-1998 by LCS/Telegraphics\n"
        "The text and information contained in this file may be freely used, copied, or distributed "
        "without compensation or licensing restrictions.",
        systems=WINDOWS,
    ),
    in_qt("mipmap generator for D3D12", "MIT", "Copyright (c) 2015 Microsoft", "MIT", systems=WINDOWS),
)
