"""The look of the web page: that of the printed document, on a screen and on paper."""

from __future__ import annotations

import re

from reports.document import style
from reports.document.html_chart import colour
from reports.document.model import Document

_SCREEN = """
*{box-sizing:border-box}
html{color-scheme:light;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:52rem;padding:0 1.25rem 4rem;background:#fff;color:var(--ink);
font:1rem/1.5 "IBM Plex Sans","Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
overflow-wrap:anywhere;print-color-adjust:exact;-webkit-print-color-adjust:exact}
h1{font-size:2.3rem;line-height:1.15;margin:1rem 0 .4rem}
h2{font-size:1.6rem;line-height:1.25;margin:3.2rem 0 .8rem}
h3{font-size:1.1rem;line-height:1.35;margin:2.2rem 0 .5rem}
h2,h3{scroll-margin-top:1rem}
p{margin:0 0 .8rem}
a{color:var(--primary)}
:focus-visible{outline:3px solid var(--primary);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.4rem .8rem;z-index:1}
.status{display:inline-block;margin:1.6rem 0 0;padding:.1rem .6rem;font-size:.85rem;
font-weight:700;background:var(--conditions-ground)}
.status.good{background:var(--good-ground)}.status.bad{background:var(--bad-ground)}
.subtitle{font-size:1.2rem;color:var(--quiet)}
.lead{font-size:1.1rem;margin-top:1.2rem}
.note,.remarks{font-size:.88rem;color:var(--quiet)}
.formula{font-style:italic;padding-left:1.2rem}
.bad{color:var(--bad)}.conditions{color:var(--conditions)}.good{color:var(--good)}
.unknown{color:var(--unknown)}
td.bad,td.conditions,td.good,td.unknown,th.bad,th.conditions,th.good,th.unknown{font-weight:700}
main ul{margin:0 0 1rem;padding-left:1.2rem;color:inherit;list-style:"\\2013\\a0\\a0"}
main li{margin-bottom:.3rem}
ul.bad{list-style:"\\d7\\a0\\a0"}ul.conditions{list-style:"!\\a0\\a0"}
ul.good{list-style:"\\2713\\a0\\a0"}ul.unknown{list-style:"?\\a0\\a0"}
main li>span{color:var(--ink)}
.remarks li>span{color:inherit}
.callout{margin:0 0 1.2rem;padding:.8rem 1rem;border-left:4px solid;background:var(--ground)}
.callout p{color:var(--ink);margin:0}
.callout .word{font-size:1.15rem;font-weight:700;color:inherit;margin-bottom:.15rem}
.callout.bad{background:var(--bad-ground)}.callout.conditions{background:var(--conditions-ground)}
.callout.good{background:var(--good-ground)}.callout.unknown{background:var(--unknown-ground)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.4rem,1fr));column-gap:1rem;
margin:0 0 1.4rem;border-top:2px solid var(--ink);border-bottom:1px solid var(--hairline)}
.tiles div{padding:.6rem 0;display:grid;grid-row:span 3;grid-template-rows:subgrid;row-gap:.2rem}
.tiles dt{font-size:.82rem;font-weight:700;color:var(--quiet);line-height:1.3;align-self:end}
.tiles dd{margin:0;font-size:.82rem;color:var(--quiet)}
.tiles .now{font-size:1.2rem;line-height:1.25;font-weight:700;color:var(--ink)}
.signature{margin:1.2rem 0;break-inside:avoid}
.signature dl{margin:0;max-width:34rem}
.signature dl>div{display:flex;gap:1rem;align-items:end;min-height:2.4rem}
.signature dt{flex:0 0 5rem;font-size:.88rem;color:var(--quiet)}
.signature dd{flex:1;margin:0;min-height:1.5em;border-bottom:1px solid var(--quiet)}
.signature .word{font-weight:700;margin:0}
.signature .line dd{min-height:3.4rem}
.wide{overflow-x:auto;margin:0 0 1.2rem;
background:linear-gradient(90deg,#fff 50%,#fff0) 0/2.4rem 100% no-repeat local,
linear-gradient(270deg,#fff 50%,#fff0) 100%/2.4rem 100% no-repeat local,
linear-gradient(90deg,var(--hairline),#fff0) 0/.8rem 100% no-repeat scroll,
linear-gradient(270deg,var(--hairline),#fff0) 100%/.8rem 100% no-repeat scroll}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4}
.columns-4{min-width:34rem}.columns-5{min-width:42rem}.columns-8{min-width:52rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;font-weight:400;
border-bottom:1px solid var(--hairline)}
th:first-child,td:first-child{padding-left:0}
thead th,thead td{vertical-align:bottom;font-size:.84rem;font-weight:700;color:var(--quiet);
border-bottom:1.5px solid var(--ink)}
.number{text-align:right;font-variant-numeric:tabular-nums}
figure{margin:1.6rem 0}
figcaption{font-weight:700;margin-bottom:.3rem}
figure .note{margin:.3rem 0}
figure .wide{margin:0}
svg{display:block;width:100%;min-width:38rem;height:auto}
svg text{font-family:inherit}
summary{font-size:.88rem;color:var(--primary);cursor:pointer}
nav h2{font-size:1.1rem;margin:2rem 0 .5rem}
nav ol{list-style:none;margin:0;padding:0}
nav li{margin:.25rem 0}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
nav ol ol{display:none}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--hairline);font-size:.9rem;
color:var(--quiet)}
@media (max-width:40rem){
col{width:auto!important}
th,td{overflow-wrap:break-word}
}
@media (min-width:72rem){
body{display:grid;max-width:78rem;grid-template-columns:17rem minmax(0,52rem);column-gap:4rem}
header,main,footer{grid-column:2}
nav{grid-column:1;grid-row:1/span 3;position:sticky;top:0;align-self:start;max-height:100vh;
overflow-y:auto;padding:0 .5rem 2rem;font-size:.9rem}
nav ol ol{display:block;padding-left:.9rem;font-size:.94em}
}
"""

_PRINT = """
@media print{
html{font-size:9.5pt}
body{display:block;max-width:none;padding:0}
nav{position:static;max-height:none;overflow:visible;font-size:1rem;padding:0}
nav ol ol,.skip,details,footer ul,.files{display:none}
nav li{margin:0;line-height:1.3}
a{color:inherit}
h1{font-size:27pt}h2{font-size:18pt;margin-top:22pt}h3{font-size:11.5pt;margin-top:14pt}
h2,h3,.lead,figcaption{break-after:avoid}
.new-page{break-before:page}.new-page>h2{margin-top:0}
.together,figure,.callout,.tiles,tr{break-inside:avoid}
thead{display:table-header-group}
.wide{overflow:visible;background:none}
table{min-width:0;font-size:8.5pt}
svg{min-width:0}
p,li{orphans:2;widows:2}
}
"""


def style_sheet(document: Document) -> str:
    """Return the style sheet of a document; nothing that a user wrote enters it."""
    colours = {
        "ink": style.INK,
        "quiet": style.QUIET,
        "hairline": style.HAIRLINE,
        "ground": style.GROUND,
        "primary": style.PRIMARY,
        **{tone: value for tone, value in style.TONES.items() if tone != "plain"},
        **{f"{tone}-ground": value for tone, value in style.GROUNDS.items() if tone != "plain"},
    }
    root = ";".join(f"--{name}:{colour(value)}" for name, value in colours.items())
    return f":root{{{root}}}{_SCREEN}{_PRINT}{_paper(document)}"


def _paper(document: Document) -> str:
    """Return the running head and foot of printed pages: status, title, time, page X of Y."""
    quiet, hairline = colour(style.QUIET), colour(style.HAIRLINE)
    return (
        f"@page{{size:A4;margin:26mm 20mm 22mm;font:8pt sans-serif;color:{quiet};"
        f'@top-left{{content:"{_plain(document.title)}"}}'
        f'@top-right{{content:"{_plain(document.status)}";font-weight:700;'
        f"color:{colour(style.TONES[style.status_tone(document.status)])}}}"
        f'@bottom-left{{content:"{_plain(document.made_at)}";border-top:1px solid {hairline}}}'
        '@bottom-right{content:"Page " counter(page) " of " counter(pages);'
        f"border-top:1px solid {hairline}}}}}"
    )


def _plain(text: str) -> str:
    # Letters, digits and these marks mean nothing to a style sheet.
    return re.sub(r"[^A-Za-z0-9 :+.-]", "", text)
