"""
The typefaces of the documents: cut once from a variable font, kept in the user's cache folder.

``python -m reports.document.fonts`` prepares them at set-up. A font holds no data of the user, so
this is the one thing that the product writes by itself. Where the folder cannot be written, the
fonts are cut in memory, once a process.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import sys
import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg_ibm_plex_sans
import fontTools
from fontTools.ttLib import TTFont as VariableFont
from fontTools.varLib.instancer import instantiateVariableFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

REGULAR, BOLD, ITALIC = "PrivascopeSans", "PrivascopeSans-Bold", "PrivascopeSans-Italic"
UPRIGHT_FILE = "IBMPlexSans[wdth,wght].ttf"
ITALIC_FILE = "IBMPlexSans-Italic[wdth,wght].ttf"
CUTS: dict[str, tuple[str, int]] = {
    REGULAR: (UPRIGHT_FILE, 400),
    BOLD: (UPRIGHT_FILE, 600),
    ITALIC: (ITALIC_FILE, 400),
}

CUT_VERSION = 2  # raised whenever `cut` changes, so that no older file is taken from the cache

# Scripts whose fonts come with the optional part of the installation. All hold Latin letters too.
ARABIC, DEVANAGARI, THAI = "NotoArabic", "NotoDevanagari", "NotoThai"
PACKAGED = {
    ARABIC: ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
    DEVANAGARI: ("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
    THAI: ("fontpkg_noto_sans_thai", "NotoSansThai[wdth,wght].ttf"),
}
SHAPED = frozenset({DEVANAGARI, THAI})
"""Fonts whose glyphs are chosen and placed by their neighbours."""

# Other scripts: TrueType outlines only, because the PDF writer takes no others.
FALLBACK_FILES = (
    "DejaVuSans.ttf",
    "DroidSansFallbackFull.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "Arial Unicode.ttf",
    "ARIALUNI.TTF",
    "arial.ttf",
    "malgun.ttf",
)
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts/Supplemental",
    "/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)

log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """Return the folder of the user's cache that holds the cut fonts."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "privascope" / "fonts"


def _source(name: str) -> tuple[Path, int]:
    """Return the variable font and the weight that a typeface is cut from."""
    if name in PACKAGED:
        package, file = PACKAGED[name]
        return Path(importlib.import_module(package).ROOT) / "files" / file, 400
    file, weight = CUTS[name]
    return Path(fontpkg_ibm_plex_sans.ROOT) / "files" / file, weight


def cut(name: str) -> bytes:
    """Return a static font: one weight of the variable one, the same bytes every time."""
    source, weight = _source(name)
    with VariableFont(source, recalcTimestamp=False) as variable:
        # The PDF writer does not read layout tables; only the shaper of some scripts does.
        for table in () if name in SHAPED else ("GSUB", "GPOS", "GDEF"):
            if table in variable:
                del variable[table]
        static = instantiateVariableFont(variable, {"wght": weight, "wdth": 100})
        # Each cut needs a name of its own: the PDF writer tells fonts apart by it.
        for record in static["name"].names:
            if record.nameID in {1, 4, 6}:
                record.string = name
        out = BytesIO()
        static.save(out, reorderTables=None)
        return out.getvalue()


def _cache_file(name: str) -> Path:
    source, weight = _source(name)
    key = f"{CUT_VERSION}|{source.name}|{source.stat().st_size}|{weight}|{fontTools.version}"
    return cache_folder() / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.ttf"


def font_bytes(name: str) -> bytes:
    """Return a static font from the cache, or cut it and try to keep it there."""
    try:
        file = _cache_file(name)
        if file.is_file():
            return file.read_bytes()
    except OSError:
        return cut(name)
    data = cut(name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: two sessions may cut at the same time.
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
            part.write(data)
        Path(part.name).replace(file)
    except OSError as error:
        log.info("Fonts are not kept for the next time: %s", error.strerror)
    return data


def _load(name: str, data: bytes) -> TTFont:
    font = TTFont(name, BytesIO(data))
    pdfmetrics.registerFont(font)
    return font


def _load_cut(name: str) -> None:
    try:
        _load(name, font_bytes(name))
    except (TTFError, ValueError):
        # A damaged cache file must not stop a report.
        _load(name, cut(name))


@cache
def register() -> None:
    """Make the typefaces known to the PDF writer, once a process."""
    for name in CUTS:
        _load_cut(name)
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD
    )


@cache
def packaged() -> tuple[str, ...]:
    """Register the fonts of other scripts that are installed with the product; return names."""
    names = []
    for name in PACKAGED:
        try:
            _load_cut(name)
        except ImportError:
            continue
        names.append(name)
    return tuple(names)


@cache
def fallbacks() -> tuple[str, ...]:
    """Register the fonts that cover other scripts; return their names, packaged ones first."""
    found: dict[str, Path] = {}
    for folder in FONT_FOLDERS:
        for where, folders, files in os.walk(Path(folder).expanduser()):
            folders.sort()
            for file in sorted(set(files) & set(FALLBACK_FILES)):
                found.setdefault(file, Path(where) / file)
    names = list(packaged())
    for file in FALLBACK_FILES:
        if file in found:
            name = f"Fallback-{Path(file).stem.replace(' ', '')}"
            try:
                _load(name, found[file].read_bytes())
            except (TTFError, OSError):
                continue
            names.append(name)
    return tuple(names)


@cache
def glyphs(name: str) -> frozenset[int]:
    """Return the code points that a registered font can draw."""
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


def main() -> None:
    """Cut the fonts now, so that the first report need not wait."""
    # Only this module speaks: the font library would print every step.
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)
    register()
    packaged()
    log.info("Fonts are ready.")


if __name__ == "__main__":
    main()
