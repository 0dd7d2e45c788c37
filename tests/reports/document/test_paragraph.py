import pytest
from reportlab.platypus import Paragraph

from reports.document import fonts, style
from reports.document.paragraph import ScriptParagraph

TEXT = "Every person of the table is in a group of look-alikes. " * 20
LOOK = "body"


@pytest.fixture(autouse=True)
def registered():
    fonts.register()


@pytest.fixture
def breaks(monkeypatch):
    """Count how often lines are broken."""
    widths = []
    original = Paragraph.breakLines
    monkeypatch.setattr(
        Paragraph,
        "breakLines",
        lambda self, width: (widths.append(width), original(self, width))[1],
    )
    return widths


def size(width, look=LOOK):
    return Paragraph(TEXT, style.TEXT[look]).wrap(width, 1000)


def test_lines_are_broken_once_for_a_width(breaks):
    paragraph = ScriptParagraph(TEXT, style.TEXT[LOOK])
    sizes = {paragraph.wrap(300, height) for height in (10, 1000, 10)}
    assert len(breaks) == 1
    assert sizes == {size(300)}


def test_another_width_or_look_breaks_them_anew():
    paragraph = ScriptParagraph(TEXT, style.TEXT[LOOK])
    sizes = [size(300), size(200), size(300)]
    assert [paragraph.wrap(width, 1000) for width in (300, 200, 300)] == sizes
    paragraph.style = style.TEXT["h1"]
    assert paragraph.wrap(300, 1000) == (*size(300)[:1], paragraph.height)
    assert paragraph.height > sizes[0][1]


def test_no_room_at_all_takes_no_old_size():
    paragraph = ScriptParagraph(TEXT, style.TEXT[LOOK])
    wide = paragraph.wrap(300, 1000)
    assert paragraph.wrap(0, 1000) == Paragraph(TEXT, style.TEXT[LOOK]).wrap(0, 1000)
    assert paragraph.wrap(300, 1000) == wide
    assert len(paragraph.blPara.lines) == len(_broken(300).lines)


def test_a_split_without_room_lets_the_lines_be_broken_again(breaks):
    paragraph = ScriptParagraph(TEXT, style.TEXT[LOOK])
    paragraph.wrap(300, 1000)
    assert paragraph.split(300, 1) == []
    assert paragraph.wrap(300, 1000) == size(300)
    assert paragraph.blPara.lines


def test_the_parts_of_a_split_have_sizes_of_their_own():
    paragraph = ScriptParagraph(TEXT, style.TEXT[LOOK])
    _, whole = paragraph.wrap(300, 1000)
    parts = paragraph.split(300, whole / 2)
    assert len(parts) == 2
    heights = [part.wrap(300, 1000)[1] for part in parts]
    assert sum(heights) == pytest.approx(whole)
    assert 0 < heights[0] <= whole / 2


def _broken(width):
    paragraph = Paragraph(TEXT, style.TEXT[LOOK])
    paragraph.wrap(width, 1000)
    return paragraph.blPara
