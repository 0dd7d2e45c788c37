"""The parts of the Word document in one file, the same bytes for the same parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

from reports.document.docx_style import numbering_xml, settings_xml, styles_xml
from reports.document.html_chart import escaped
from reports.document.model import Document
from reports.document.text import clean

AUTHOR = "Privascope"
CHART_LINK = "chart{}"

_CORE = (
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://www.w3.org/2001/XMLSchema-instance",
)
# The earliest time that the format of the archive knows: the file has no time of its own.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def relation_name(name: str) -> str:
    """Return the identifier by which the text refers to a part."""
    return f"rel-{name}"


def package(
    document: Document, text: str, *, header: str, footer: str, charts: Sequence[str]
) -> bytes:
    """
    Return the file.

    Nothing but these parts is in it: no template, whose author and preview would travel along.

    Parameters
    ----------
    document : Document
        For its title, language and time.
    text, header, footer : str
        The parts that are read.
    charts : sequence of str
        In the order in which the text numbers them.
    """
    package = Package()

    def part(name: str, kind: str, xml: str) -> Part:
        data = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()
        return Part(PackURI(f"/{name}.xml"), kind, data, package)

    main = part("word/document", CONTENT_TYPE.WML_DOCUMENT_MAIN, text)
    package.load_rel(RELATIONSHIP_TYPE.OFFICE_DOCUMENT, main, relation_name("document"))
    core = part("docProps/core", CONTENT_TYPE.OPC_CORE_PROPERTIES, _core_xml(document))
    package.load_rel(RELATIONSHIP_TYPE.CORE_PROPERTIES, core, relation_name("core"))
    parts = {
        "styles": (
            RELATIONSHIP_TYPE.STYLES, CONTENT_TYPE.WML_STYLES, styles_xml(document.language)
        ),
        "numbering": (
            RELATIONSHIP_TYPE.NUMBERING, CONTENT_TYPE.WML_NUMBERING, numbering_xml()
        ),
        "settings": (
            RELATIONSHIP_TYPE.SETTINGS, CONTENT_TYPE.WML_SETTINGS, settings_xml(document.language)
        ),
        "header": (RELATIONSHIP_TYPE.HEADER, CONTENT_TYPE.WML_HEADER, header),
        "footer": (RELATIONSHIP_TYPE.FOOTER, CONTENT_TYPE.WML_FOOTER, footer),
    }  # fmt: skip
    for number, chart in enumerate(charts, start=1):
        kinds = RELATIONSHIP_TYPE.CHART, CONTENT_TYPE.DML_CHART
        parts[CHART_LINK.format(number)] = (*kinds, chart)
    for name, (relation, kind, xml) in parts.items():
        folder = "word/charts" if relation == RELATIONSHIP_TYPE.CHART else "word"
        main.load_rel(relation, part(f"{folder}/{name}", kind, xml), relation_name(name))
    written = BytesIO()
    package.save(written)
    return _timeless(written.getvalue())


def _core_xml(document: Document) -> str:
    title = clean(f"{document.title}: {clean(document.subtitle, 200)}")
    made = _moment(document.made_at)
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{made}</dcterms:{name}>'
        for name in ("created", "modified")
        if made
    )
    core, elements, terms, instance = _CORE
    return (
        f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="{elements}" xmlns:dcterms="{terms}" '
        f'xmlns:xsi="{instance}"><dc:title>{escaped(title)}</dc:title>'
        f"<dc:subject>{escaped(document.title)}</dc:subject><dc:creator>{AUTHOR}</dc:creator>"
        f"<cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy>{dates}"
        f"<dc:language>{escaped(document.language)}</dc:language></cp:coreProperties>"
    )


def _moment(made_at: str) -> str:
    """Return the time of the assessment as the properties hold it; empty where it is none."""
    try:
        moment = datetime.fromisoformat(made_at)
    except ValueError:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment.tzinfo else ""


def _timeless(data: bytes) -> bytes:
    """Return the archive without the time and the system that it was written on."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as written, ZipFile(out, "w") as archive:
        for entry in written.infolist():
            info = ZipInfo(entry.filename, date_time=_NO_TIME)
            info.compress_type, info.create_system = ZIP_DEFLATED, 0
            archive.writestr(info, written.read(entry))
    return out.getvalue()
