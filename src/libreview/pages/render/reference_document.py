"""The looks of our Word and OpenDocument files: a plain thesis. Times New Roman 12, A4, headings in bold, hanging
references, tables with three rules, captions above, notes below in small.

Written here as WordprocessingML (ECMA-376) and ODF 1.3, so that no binary template has to be kept; the style names are
those that pandoc uses in its own reference documents.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import NamedTuple

__all__ = ["docx", "odt", "small", "turn"]


class _Look(NamedTuple):
    """A paragraph style; lengths in twentieths of a point (twips), ``size`` in points."""

    name: str
    base: str = "Normal"
    size: int = 12
    bold: bool = False
    italic: bool = False
    centred: bool = False
    before: int = 0
    after: int = 120
    left: int = 0
    right: int = 0
    first: int = 0
    line: int = 360
    keep: bool = False
    outline: int = 0


_HANGING = 720  # 1.27 cm, half an inch
_LOOKS = (
    _Look("Body Text", line=360, after=120),
    _Look("First Paragraph", "Body Text"),
    _Look("Compact", "Body Text", after=0, line=240),
    _Look("Title", size=16, bold=True, centred=True, after=240, keep=True),
    _Look("Subtitle", size=14, centred=True, after=240, keep=True),
    _Look("Author", centred=True),
    _Look("Date", centred=True),
    _Look("Abstract", left=567, right=567, line=240),
    _Look("Heading 1", size=14, bold=True, before=360, after=180, keep=True, outline=1),
    _Look("Heading 2", size=13, bold=True, before=300, after=120, keep=True, outline=2),
    _Look("Heading 3", bold=True, before=240, after=120, keep=True, outline=3),
    _Look("Heading 4", bold=True, italic=True, before=240, after=120, keep=True, outline=4),
    _Look("Heading 5", italic=True, before=240, after=120, keep=True, outline=5),
    _Look("Heading 6", italic=True, before=240, after=120, keep=True, outline=6),
    _Look("Block Text", "Body Text", left=720, right=567, line=240),
    _Look("Bibliography", left=_HANGING, first=-_HANGING, line=240, before=200, after=60),
    _Look("Annotation", "Body Text", left=_HANGING, line=240, after=80),
    _Look("Annotation Quotation", "Annotation", left=2 * _HANGING, right=567, line=240, after=80),
    _Look("Table Note", size=10, before=60, after=240, line=240),
    _Look("Caption", size=11, bold=True, before=240, after=80, line=240, keep=True),
    _Look("Table Caption", "Caption", size=11, bold=True, before=240, after=80, line=240, keep=True),
    _Look("Image Caption", "Caption", size=11, after=240, line=240),
    _Look("Footnote Text", size=10, after=0, line=240),
)
_SMALL = (10, 9, 8, 7)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# A4, 4 cm on the side where a thesis is bound: on the left or, of a turned page, at the top.
_PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1701" w:right="1701" w:bottom="1701" w:left="2268" '
    'w:header="709" w:footer="709" w:gutter="0"/>'
)
_TURNED_PAGE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="2268" w:right="1701" w:bottom="1701" '
    'w:left="1701" w:header="709" w:footer="709" w:gutter="0"/>'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same bytes each time


def _pack(parts: dict[str, str], stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _WHEN), content, kind)
    return out.getvalue()


def small(size: int) -> str:
    """Return the name of the style of words in a table whose letters have that size, in points; empty if it is the usual one."""
    return f"TableText{size}" if size in _SMALL else ""


# --- docx --------------------------------------------------------------------------------------------------------


def _identity(name: str) -> str:
    return name.replace(" ", "")


def _word_style(look: _Look) -> str:
    inside = f'<w:spacing w:before="{look.before}" w:after="{look.after}" w:line="{look.line}" w:lineRule="auto"/>'
    if look.left or look.first or look.right:
        turn = f'w:hanging="{-look.first}"' if look.first < 0 else f'w:firstLine="{look.first}"'
        inside += f'<w:ind w:left="{look.left}" w:right="{look.right}" {turn}/>'
    if look.centred:
        inside += '<w:jc w:val="center"/>'
    if look.outline:
        inside += f'<w:outlineLvl w:val="{look.outline - 1}"/>'
    keep = "<w:keepNext/><w:keepLines/>" if look.keep else ""
    face = ("<w:b/>" if look.bold else "") + ("<w:i/>" if look.italic else "")
    size = f'<w:sz w:val="{look.size * 2}"/><w:szCs w:val="{look.size * 2}"/>'
    following = '<w:next w:val="BodyText"/>' if look.outline or look.keep else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{_identity(look.name)}"><w:name w:val="{look.name}"/>'
        f'<w:basedOn w:val="{_identity(look.base)}"/>{following}<w:qFormat/>'
        f"<w:pPr>{keep}{inside}</w:pPr><w:rPr>{face}{size}</w:rPr></w:style>"
    )


def _word_table() -> str:
    thick, thin = (
        'w:val="single" w:sz="8" w:space="0" w:color="auto"',
        'w:val="single" w:sz="4" w:space="0" w:color="auto"',
    )
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
        '</w:tblCellMar></w:tblPr></w:style><w:style w:type="table" w:customStyle="1" w:styleId="Table">'
        '<w:name w:val="Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/><w:pPr><w:spacing w:before="20" w:after="20" '
        f'w:line="240" w:lineRule="auto"/></w:pPr><w:tblPr><w:tblBorders><w:top {thick}/><w:bottom {thick}/></w:tblBorders>'
        '</w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:trPr><w:tblHeader/></w:trPr><w:tcPr>'
        f'<w:tcBorders><w:bottom {thin}/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
    )


def _word_styles() -> str:
    font = 'w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="Times New Roman"'
    return (
        f'{_HEAD}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {font}/><w:sz w:val="24"/>'
        '<w:szCs w:val="24"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/></w:style>'
        '<w:style w:type="character" w:customStyle="1" w:styleId="VerbatimChar"><w:name w:val="Verbatim Char"/><w:rPr>'
        '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/><w:sz w:val="22"/></w:rPr></w:style>'
        + "".join(map(_word_style, _LOOKS))
        + "".join(
            f'<w:style w:type="character" w:customStyle="1" w:styleId="{_identity(small(size))}">'
            f'<w:name w:val="{small(size)}"/><w:rPr><w:sz w:val="{2 * size}"/><w:szCs w:val="{2 * size}"/></w:rPr></w:style>'
            for size in _SMALL
        )
        + _word_table()
        + "</w:styles>"
    )


def turn(form: str, *, over: bool) -> tuple[str, str]:
    """Return, for pandoc, the raw format and the words in it that let the next page be turned (``over``) or upright again.

    In docx a section ends in the last paragraph before it, in odt a page begins with the first paragraph on it.
    """
    if form == "docx":
        section = f"<w:sectPr>{_PAGE if over else _TURNED_PAGE}</w:sectPr>"
        low = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
        return "openxml", f"<w:p><w:pPr>{low}{section}</w:pPr></w:p>"
    return "opendocument", f'<text:p text:style-name="{"Turned" if over else "Upright"}_20_Page"/>'


@cache
def docx(*, turned: bool = False) -> bytes:
    """Return the reference document for Word; its last pages are upright or ``turned``."""
    package = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    section = f"<w:sectPr>{_TURNED_PAGE if turned else _PAGE}</w:sectPr>"
    return _pack(
        {
            "[Content_Types].xml": (
                f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{package}.document.main+xml"/>'
                f'<Override PartName="/word/styles.xml" ContentType="{package}.styles+xml"/></Types>'
            ),
            "_rels/.rels": (
                f'{_HEAD}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{_R}/officeDocument" '
                'Target="word/document.xml"/></Relationships>'
            ),
            "word/_rels/document.xml.rels": (
                f'{_HEAD}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{_R}/styles" '
                'Target="styles.xml"/></Relationships>'
            ),
            "word/document.xml": f"{_HEAD}<w:document {_W}><w:body><w:p/>{section}</w:body></w:document>",
            "word/styles.xml": _word_styles(),
        }
    )


# --- odt ---------------------------------------------------------------------------------------------------------

_ODF_NAMES = {
    "Block Text": "Quotations",
    "Table Caption": "Table",
    "Body Text": "Text body",
    "First Paragraph": "First paragraph",
}
_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
        ("manifest", "manifest"),
    )
)


def _odf_name(name: str) -> str:
    return name.replace(" ", "_20_")


def _odf_style(look: _Look) -> str:
    name = _ODF_NAMES.get(look.name, look.name)
    base = "Standard" if look.base == "Normal" else _ODF_NAMES.get(look.base, look.base)
    outline = f' style:default-outline-level="{look.outline}"' if look.outline else ""
    keep = ' fo:keep-with-next="always"' if look.keep else ""
    return (
        f'<style:style style:name="{_odf_name(name)}" style:display-name="{name}" style:family="paragraph" '
        f'style:parent-style-name="{_odf_name(base)}"{outline}><style:paragraph-properties '
        f'fo:margin-top="{look.before / 20}pt" fo:margin-bottom="{look.after / 20}pt" fo:margin-left="{look.left / 20}pt" '
        f'fo:margin-right="{look.right / 20}pt" fo:text-indent="{look.first / 20}pt" '
        f'fo:line-height="{round(look.line / 2.4)}%" fo:text-align="{"center" if look.centred else "start"}"{keep}/>'
        f'<style:text-properties fo:font-size="{look.size}pt" fo:font-weight="{"bold" if look.bold else "normal"}" '
        f'fo:font-style="{"italic" if look.italic else "normal"}"/></style:style>'
    )


def _odf_turn(name: str, page: str) -> str:
    """Return the style of a paragraph, all but invisible, with which a ``page`` of that kind begins."""
    return (
        f'<style:style style:name="{_odf_name(name)}" style:display-name="{name}" style:family="paragraph" '
        f'style:parent-style-name="Standard" style:master-page-name="{page}"><style:paragraph-properties '
        'fo:margin-top="0pt" fo:margin-bottom="0pt" fo:line-height="1pt"/><style:text-properties fo:font-size="1pt"/>'
        "</style:style>"
    )


def _odf_page(name: str, size: str, margins: str) -> str:
    return (
        f'<style:page-layout style:name="{name}"><style:page-layout-properties {size} {margins}/></style:page-layout>'
    )


@cache
def odt() -> bytes:
    """Return the reference document for OpenDocument."""
    face = '<style:font-face style:name="Times New Roman" svg:font-family="\'Times New Roman\'"/>'
    styles = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {_NAMESPACES} office:version="1.3">'
        f"<office:font-face-decls>{face}</office:font-face-decls><office:styles>"
        '<style:default-style style:family="paragraph"><style:text-properties style:font-name="Times New Roman" '
        'fo:font-size="12pt"/></style:default-style>'
        '<style:style style:name="Standard" style:family="paragraph"/>'
        '<style:style style:name="Table_20_Contents" style:display-name="Table Contents" style:family="paragraph" '
        'style:parent-style-name="Standard"><style:paragraph-properties fo:margin-left="0.15cm" fo:margin-right="0.15cm"/>'
        "</style:style>"
        '<style:style style:name="Table_20_Heading" style:display-name="Table Heading" style:family="paragraph" '
        'style:parent-style-name="Table_20_Contents"><style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="Emphasis" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
        '<style:style style:name="Strong_20_Emphasis" style:display-name="Strong Emphasis" style:family="text">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="Source_20_Text" style:display-name="Source Text" style:family="text">'
        '<style:text-properties style:font-name="Courier New"/></style:style>'
        + "".join(map(_odf_style, _LOOKS))
        + "".join(
            f'<style:style style:name="{_odf_name(small(size))}" style:display-name="{small(size)}" style:family="text">'
            f'<style:text-properties fo:font-size="{size}pt"/></style:style>'
            for size in _SMALL
        )
        + _odf_turn("Turned Page", "Turned")
        + _odf_turn("Upright Page", "Standard")
        + "</office:styles><office:automatic-styles>"
        + _odf_page(
            "pm1",
            'fo:page-width="21cm" fo:page-height="29.7cm" style:print-orientation="portrait"',
            'fo:margin-top="3cm" fo:margin-right="3cm" fo:margin-bottom="3cm" fo:margin-left="4cm"',
        )
        + _odf_page(
            "pm2",
            'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape"',
            'fo:margin-top="4cm" fo:margin-right="3cm" fo:margin-bottom="3cm" fo:margin-left="3cm"',
        )
        + "</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Standard" style:page-layout-name="pm1"/>'
        '<style:master-page style:name="Turned" style:page-layout-name="pm2"/></office:master-styles>'
        "</office:document-styles>"
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMESPACES} office:version="1.3">'
        "<office:body><office:text/></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest {_NAMESPACES} manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>'
        '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    # Pandoc writes a meta.xml but lists only what the reference lists, and LibreOffice opens no unlisted part.
    meta = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta {_NAMESPACES} office:version="1.3">'
        "<office:meta/></office:document-meta>"
    )
    parts = {
        "mimetype": kind,
        "content.xml": content,
        "styles.xml": styles,
        "meta.xml": meta,
        "META-INF/manifest.xml": manifest,
    }
    return _pack(parts, stored=("mimetype",))
