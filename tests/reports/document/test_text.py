import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from reports.document import fonts, scripts
from reports.document.text import MOST_CHARACTERS, Typesetter, clean


def setup_module():
    fonts.register()


@given(st.text())
def test_clean_text_has_no_control_and_no_override_characters(text):
    shown = clean(text)
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in shown)
    assert shown == " ".join(shown.split())
    assert clean(shown) == shown


def by_character(text, most):
    """`clean` without a short way for text that holds nothing odd."""
    kept = []
    for character in text[:most]:
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif category in {"Cs", "Cn"}:
            kept.append("\ufffd")
        elif category not in {"Cc", "Cf"}:
            kept.append(character)
    return " ".join("".join(kept).split()) + ("…" if len(text) > most else "")


@given(st.text(), st.integers(1, 12))
def test_text_is_cleaned_character_by_character(text, most):
    assert clean(text, most) == by_character(text, most)
    printable = "".join(character for character in text if character.isprintable())
    assert clean(printable, most) == by_character(printable, most)


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["C"])))
def test_text_of_one_font_is_one_piece(text):
    shown = clean(text).replace(" %", "\xa0%")
    pieces = Typesetter().runs(text, fonts.REGULAR)
    if all(ord(character) in fonts.glyphs(fonts.REGULAR) for character in shown):
        assert pieces == ([(fonts.REGULAR, shown)] if shown else [])
    else:
        assert len("".join(piece for _, piece in pieces)) == len(shown)


def test_long_text_is_cut():
    assert len(clean("x" * 10**6)) == MOST_CHARACTERS + 1
    assert clean("abc", 2) == "ab…"


@given(st.text())
def test_markup_holds_no_tag_but_font_changes(text):
    markup = Typesetter().markup(text)
    without = markup
    for name in fonts.fallbacks():
        without = without.replace(f'<font name="{name}">', "")
    without = without.replace("</font>", "")
    assert "<" not in without
    assert ">" not in without


@given(st.text())
def test_every_character_set_has_a_glyph(text):
    for name, piece in Typesetter().runs(text, fonts.BOLD):
        assert all(ord(c) in fonts.glyphs(name) for c in piece)


def test_what_has_no_glyph_is_replaced_and_counted_once():
    setter = Typesetter()
    assert setter.markup("a\ue000b") == "a\ufffdb"
    assert setter.undrawn == 1
    setter.width("\ue000", fonts.REGULAR, 9)
    assert setter.undrawn == 1


def test_right_to_left_characters_that_nothing_puts_in_order_are_counted(monkeypatch):
    monkeypatch.setattr(scripts, "_algorithm", lambda: None)
    setter = Typesetter()
    setter.markup("a\u05d0\u0628")
    assert setter.right_to_left + setter.undrawn >= 2


def test_text_is_cut_to_a_width():
    setter = Typesetter()
    shown = setter.fit("word " * 100, fonts.REGULAR, 8, 100)
    assert shown.endswith("…")
    assert setter.width(shown, fonts.REGULAR, 8) <= 100
    assert setter.fit("short", fonts.REGULAR, 8, 100) == "short"
