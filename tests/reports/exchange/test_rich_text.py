import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.exchange.rich_text import Part, parts_of, plain_of, rich, tag, untag

MARKUP = st.text(st.sampled_from("<>&;#ltamp1\"' \n") | st.characters(), max_size=60)


def line(text):
    return " ".join(text.replace("\r", " ").split())


def as_read(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@given(st.lists(st.tuples(MARKUP.map(line).filter(bool), MARKUP.map(as_read)), max_size=4))
def test_parts_come_back_as_they_were(pairs):
    parts = tuple(Part(heading=heading, text=text) for heading, text in pairs)
    assert parts_of(rich(parts)) == parts


@given(MARKUP)
def test_a_tag_comes_back_and_opens_no_markup(text):
    assert untag(tag(text)) == text
    assert "<" not in tag(text)


def test_a_tag_is_escaped_only_where_it_must_be():
    assert tag("A & B > C") == "A & B > C"
    assert tag("a<b") == "a&lt;b"
    assert tag("&amp;") == "&amp;amp;"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>a</p>\n<p>b</p>", "a\nb"),
        ("<ul>\n <li>a</li>\n <li>b</li>\n</ul>", "a\nb"),
        ("one<br/>two<BR >three", "one\ntwo\nthree"),
        ("a <b>bold</b> word &amp; &lt;more&gt;", "a bold word & <more>"),
        ("wrapped\n   line", "wrapped line"),
        ("a<script>alert('<p>x</p>')</script>b", "ab"),
        ("a<SCRIPT src=x>alert(1)", "a"),
        ("a<style>p{}</style><svg><text>c</text></svg>b", "ab"),
        ("a<!-- <p>hidden</p> -->b<!-- never closed", "ab"),
        ("<h2>Title</h2>text", "Title\ntext"),
        ("<h2>never closed", "never closed"),
        ("a < b and c > d", "a < b and c > d"),
        ('<a href="javascript:x">link</a>', "link"),
        ("", ""),
    ],
)
def test_markup_of_others_becomes_plain(html, said):
    assert plain_of(html) == said


@pytest.mark.parametrize("piece", ["<", "<a ", "<!", "<!--", "</", "&", "<a b='", "<script", "\n"])
def test_time_grows_with_the_length_and_not_its_square(piece):
    start = time.perf_counter()
    parts_of(piece * 100_000)
    assert time.perf_counter() - start < 5  # the square would take minutes
