"""Bytes of a text file -> UTF-8, with the encoding given or guessed."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from microdata.dataset import Issue
from microdata.errors import PrivacyToolError

# The longest marks first: that of UTF-16 begins that of UTF-32.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Code pages that tables are saved in; the guess is kept to these.
_CODE_PAGES = [
    "cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253",
    "cp1254", "cp1255", "cp1256", "cp1257", "cp932", "euc_jp", "gb18030", "big5", "cp949",
    "mac_roman", "cp850",
]  # fmt: skip
_SAMPLE_BYTES = 64 * 1024
_BINARY_SHARE = 0.1


def to_utf8(raw: bytes, encoding: str | None) -> tuple[bytes, str, list[Issue]]:
    """
    Return the text in UTF-8 without byte order mark, the encoding used, and what there is to tell.

    Raises
    ------
    PrivacyToolError
        The bytes do not fit the given encoding, or they are not text.
    """
    issues: list[Issue] = []
    if encoding is not None:
        text = _decode_as_asked(raw, encoding)
    else:
        encoding = _marked_or_utf(raw)
        if encoding is None:
            encoding = _guess(raw)
            issues.append(
                Issue(
                    severity="warning",
                    code="encoding-guessed",
                    message=f"The file is not UTF-8; it was read as {encoding}. "
                    "Check names with accents, and choose another encoding if they look wrong.",
                )
            )
        text = raw if encoding == "utf-8" else _decode_as_asked(raw, encoding)
    nothing = text.count(b"\0")
    if nothing > _BINARY_SHARE * len(text):
        raise PrivacyToolError(
            "This file is not a text table: it holds mostly binary data. "
            "Save it as CSV, Excel or Parquet and try again."
        )
    if nothing:
        text = text.replace(b"\0", b"")
        issues.append(
            Issue(
                severity="warning",
                code="nul-bytes",
                message=f"{nothing:,} NUL bytes were left out of the text. "
                "Check the program that wrote the file.",
                count=nothing,
            )
        )
    return text, encoding, issues


def _decode_as_asked(raw: bytes, encoding: str) -> bytes:
    try:
        text = raw.decode(encoding)
    except LookupError:
        raise PrivacyToolError(
            f"The encoding {encoding!r} is not known. Use a name such as utf-8 or cp1252."
        ) from None
    except UnicodeError:
        raise PrivacyToolError(
            f"The file does not fit the encoding {encoding!r}. Choose another, or none to guess it."
        ) from None
    return text.removeprefix("\ufeff").encode("utf-8", "replace")


def _marked_or_utf(raw: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return encoding
    head = raw[:_SAMPLE_BYTES]
    # UTF-16 without a mark: every other byte of Western text is NUL.
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[offset::2].count(0) > 0.6 * len(head[offset::2]):
            return encoding
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _guess(raw: bytes) -> str:
    # Only lines with other than ASCII characters tell the code page.
    telling = re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", raw[: 64 * _SAMPLE_BYTES])
    sample = b"\n".join(telling)[:_SAMPLE_BYTES] or raw[-_SAMPLE_BYTES:]
    best = from_bytes(sample, cp_isolation=_CODE_PAGES).best()
    for encoding in ([best.encoding] if best else []) + ["cp1252"]:
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin_1"  # has a character for every byte
