"""What a Word file holds, as tests read it."""

import io
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def parts(data):
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def opened(data):
    return docx.Document(io.BytesIO(data))


def body(data):
    return opened(data).element.body


def told(element):
    return plain("".join(text.text or "" for text in element.iter(qn("w:t"))))


def texts_of(element):
    """The text of each paragraph, in order, those of tables included."""
    return [told(paragraph) for paragraph in element.iter(qn("w:p"))]
