import io

import pytest
from fontTools.ttLib import TTFont

from reports.document import fonts


def test_a_cut_font_is_static_named_and_the_same_every_time():
    data = fonts.cut(fonts.BOLD)
    assert data == fonts.cut(fonts.BOLD)
    font = TTFont(io.BytesIO(data))
    assert "fvar" not in font
    assert font["OS/2"].usWeightClass == 600
    assert font["name"].getDebugName(6) == fonts.BOLD
    assert {ord(c) for c in "łΩж≥✓×–…\ufffd"} <= set(font.getBestCmap())


def test_fonts_are_kept_in_the_cache_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "cache_folder", lambda: tmp_path / "fonts")
    data = fonts.font_bytes(fonts.REGULAR)
    kept = list((tmp_path / "fonts").iterdir())
    assert [file.read_bytes() for file in kept] == [data]
    monkeypatch.setattr(fonts, "cut", lambda _: b"not cut again")
    assert fonts.font_bytes(fonts.REGULAR) == data


def test_without_a_cache_folder_fonts_are_cut_in_memory(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    monkeypatch.setattr(fonts, "cache_folder", lambda: blocked / "fonts")
    assert fonts.font_bytes(fonts.ITALIC) == fonts.cut(fonts.ITALIC)


def test_the_cache_folder_follows_the_platform(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    monkeypatch.setattr(fonts.sys, "platform", "linux")
    assert fonts.cache_folder().as_posix() == "/somewhere/privascope/fonts"
    monkeypatch.setattr(fonts.sys, "platform", "darwin")
    assert "Library/Caches" in fonts.cache_folder().as_posix()
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    monkeypatch.setattr(fonts.sys, "platform", "win32")
    assert fonts.cache_folder().as_posix() == "/local/privascope/fonts"


def test_fonts_of_other_scripts_are_taken_where_they_are_installed(monkeypatch):
    monkeypatch.setattr(fonts, "PACKAGED", {"Missing": ("no_such_package_of_fonts", "Font.ttf")})
    assert fonts.packaged.__wrapped__() == ()


def test_a_font_of_a_script_whose_letters_stack_keeps_its_rules():
    pytest.importorskip("fontpkg_noto_sans_thai", reason="the optional part i18n is not installed")
    assert "GPOS" in TTFont(io.BytesIO(fonts.font_bytes(fonts.THAI)))
    assert "GPOS" not in TTFont(io.BytesIO(fonts.font_bytes(fonts.REGULAR)))
