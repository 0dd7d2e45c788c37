import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.widgets.text import long_md, long_plain, md, option_md, plain

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PLAIN_TOKENS = {"inline", "paragraph_open", "paragraph_close", "text", "text_special"}
# What Streamlit's front end replaces in the text that is left when the markdown is parsed.
REPLACED = re.compile(r"https?://|www\.|:material/|:streamlit:|[-.\w+]@[-\w]+\.|<-|->|--|>=|<=|~=")
HOSTILE = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "[a](http://evil.example)",
                "![x](x.png)",
                "<img src=x>",
                "<http://evil.example>",
                "http://evil.example",
                "WWW.evil.example",
                ":material/home:",
                ":streamlit:",
                ":red[x]",
                "a@evil.example",
                "**",
                "_x_",
                "2)",
                "===",
                "+ ",
                "$x$",
                "`x`",
                "**x**",
                "~~x~~",
                "->",
                "<-",
                "--",
                "\\",
                "&lt;",
                "[^1]",
                "# x",
                "- x",
                "1. x",
                "    x",
                "| a |\n|---|",
                "\n\n",
                "=",
                "_",
                "ل",
                "\u202e",
            ]
        )
    ).map("".join),
)


def tokens(text):
    for block in PARSER.parse(text):
        yield block
        yield from block.children or ()


@given(HOSTILE)
def test_user_text_stays_text(text):
    for written in (md(text), f"**x{long_md(text)}**", f"Title: {md(text)}"):
        found = {token.type for token in tokens(written)}
        assert found <= PLAIN_TOKENS | {"strong_open", "strong_close"}
        shown = "".join(token.content for token in tokens(written) if token.type == "text")
        assert not REPLACED.search(shown)


@given(HOSTILE)
def test_user_text_shows_as_it_is(text):
    shown = "".join(t.content for t in tokens(md(text)) if t.type in {"text", "text_special"})
    assert shown.replace("\u2060", "") == " ".join(plain(text).split())


@given(HOSTILE)
def test_formulas_and_directives_are_escaped(text):
    for written in (md(text), option_md(text)):
        assert not re.search(r"(?<!\\)[$`\[\]~]", written.replace("\\\\", ""))
        assert not re.search(r":[^\u2060\s\\]", written)


@given(HOSTILE)
def test_the_options_of_a_slider_stay_text(text):
    found = {token.type for token in tokens(f"1: {option_md(text)}")}
    assert found <= PLAIN_TOKENS
    shown = "".join(t.content for t in tokens(f"1: {option_md(text)}") if t.type.startswith("text"))
    assert shown.replace("\u2060", "").removeprefix("1:").strip() == " ".join(plain(text).split())


@pytest.mark.parametrize(
    "text", ["date_of_birth", "1981-04-10", "Bham (old town)", "R&D", "a < b", "3.5", "x+y", "a|b"]
)
def test_what_does_nothing_is_read_out_as_it_is(text):
    assert md(text) == option_md(text) == text


@pytest.mark.parametrize("text", ["021**", "*", "0*"])
def test_masked_values_are_read_out_as_they_are(text):
    assert option_md(text) == text


@given(st.text())
def test_plain_text_is_short_has_one_line_and_no_hidden_direction(text):
    shown = plain(text)
    assert len(shown) <= 120
    assert not set("\n\r\t\x00\u202e\u2066\u200b") & set(shown)


@pytest.mark.parametrize("cut", [plain, md, long_plain, long_md])
def test_one_endless_word_is_cut(cut):
    assert len(cut("w" * 5000)) <= 120


def test_long_sentences_are_kept_whole():
    sentence = "Column " + "and column " * 100 + "are left out."
    assert long_plain(sentence) == sentence
    assert long_md(sentence) == sentence
