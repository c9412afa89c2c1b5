"""One palette, by role, and the page's style sheet.

A colour means a role and nothing else. The roles differ in lightness too, so that
they stay apart in grey and for colour-blind readers; a test measures both.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

ROLES: dict[str, str] = {
    "caught": "#0b5a55",
    "false_alarm": "#b8452b",
    "asked": "#6d87c8",
    "missed": "#e3a931",
    "left_alone": "#d9dfe3",
}

INK = "#1d2733"
QUIET = "#5b6773"
LINE = "#cfd6dc"
GROUND = "#ffffff"

FIGURE_STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Segoe UI", "Helvetica", "Arial"],
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "svg.fonttype": "none",
    # names are drawn as they are written, a dollar sign included
    "text.parse_math": False,
    "svg.hashsalt": "common-ground",
}

LIGHT: dict[str, str] = {
    "ink": INK,
    "quiet": QUIET,
    "line": LINE,
    "ground": GROUND,
    "soft": "#f4f6f7",
    "warm": "#fbf6ec",
    "accent": "#0b5a55",
    "focus": "#4763a8",
    "alarm": "#b8452b",
    "held": "#e3a931",
}
DARK: dict[str, str] = {
    "ink": "#e6eaee",
    "quiet": "#aab4bd",
    "line": "#4a545d",
    "ground": "#121212",
    "soft": "#1d2226",
    "warm": "#332c1c",
    "accent": "#6cc4bb",
    "focus": "#9db2e6",
    "alarm": "#ee8d74",
    "held": "#e3a931",
}
DARKENED = 0.93
"""How far a picture is inverted on a dark page: white becomes the dark ground."""


def policy_hash(text: str) -> str:
    """Return what a content security policy calls a style sheet or a script."""
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


# A picture keeps its hues and changes its lightness, whatever colours it mixed.
_DARK_PICTURES = f"filter:invert({DARKENED}) hue-rotate(180deg)"

CSS = (
    f"""
.cg{{{_variables(LIGHT)};
 color:var(--ink);font:16px/1.6 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,
 sans-serif;max-width:52rem}}
[data-jp-theme-light="false"] .cg{{{_variables(DARK)}}}
[data-jp-theme-light="false"] .cg figure svg{{{_DARK_PICTURES}}}
@media (forced-colors:active){{.cg figure svg{{background:#fff}}}}
"""
    + """
.cg h1{overflow-wrap:anywhere;font-size:1.9rem;line-height:1.2;
 margin:0 0 .4rem;font-weight:650}
.cg h2{font-size:1.35rem;line-height:1.3;margin:0 0 .6rem;font-weight:650}
.cg h3{font-size:1.05rem;line-height:1.35;margin:1.6rem 0 .4rem;font-weight:650}
.cg p{margin:.5rem 0;max-width:44rem}
.cg ul{margin:.4rem 0 .8rem;padding-left:1.2rem;max-width:44rem}
.cg li{margin:.3rem 0}
.cg a{color:var(--accent)}
.cg :focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.cg-section{border-top:1px solid var(--line);padding:2rem 0 1.4rem}
.cg-headline,.cg-lead{font-size:1.15rem;line-height:1.5}
.cg-quiet{color:var(--quiet);font-size:.94rem}
.cg-warn{background:var(--warm);border-left:4px solid var(--held);padding:.5rem .8rem}
.cg-badge,.cg p.cg-verdict{display:inline-block;padding:.1rem .8rem;
 border-radius:1rem;border:1.5px solid var(--ink);font-weight:600;font-size:.95rem}
.cg p.cg-verdict{font-size:1.15rem;margin:.2rem 0}
.cg-card{border-left:4px solid var(--line);padding:.1rem 0 .1rem .9rem;margin:1rem 0}
.cg-card.cg-grave{border-left-color:var(--alarm)}
.cg-card ul{margin:.2rem 0 .3rem}
.cg .cg-card>h3,.cg .cg-card>h4{font-size:1rem;margin:0 0 .2rem;font-weight:650}
.cg-card p{margin:.15rem 0}
.cg-tag{color:var(--quiet);font-weight:400;font-size:.86rem;margin-left:.4rem}
.cg-columns{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));
 gap:1.2rem 2rem;margin:1rem 0}
.cg-panel{grid-column:span 3;border-top:2px solid var(--line);padding-top:.6rem;
 min-width:0;line-height:1.5;font-size:.97rem}
.cg .cg-panel>h3{margin:0 0 .3rem}
.cg .cg-panel p,.cg .cg-panel li{margin:.25rem 0}
.cg .cg-panel ul{margin:.2rem 0 .3rem}
.cg .cg-panel .cg-scroll{margin:.2rem 0}
.cg .cg-panel figcaption,.cg .cg-panel caption{font-size:.88rem;padding:.1rem 0 .2rem}
.cg .cg-panel p,.cg .cg-panel ul{max-width:44rem}
.cg-panel.cg-narrow{grid-column:span 2}
.cg-panel.cg-broad{grid-column:span 4}
.cg-panel.cg-strong{grid-column:span 4;border:0;background:var(--soft);
 border-left:5px solid var(--accent);
 padding:.9rem 1.2rem .7rem}
.cg-strong .cg-lead{font-size:1.3rem;line-height:1.35;font-weight:600;max-width:50rem}
.cg-outside .cg-panel{border-top:4px solid var(--accent)}
.cg-outside .cg-panel+.cg-panel{border-top:4px double var(--held)}
.cg .cg-panel table{font-size:.92rem;min-width:100%}
.cg.cg .cg-panel :is(th,td){min-width:0;padding:.25rem .8rem .25rem 0}
.cg .cg-panel figure{margin:.3rem 0}
.cg .cg-panel figure svg{min-width:0;max-width:27rem}
.cg-to{font-size:.9rem}
.cg ul.cg-tagged{list-style:none;padding:0}
.cg-tagged>li.cg-grave{border-left:4px solid var(--alarm);padding-left:.6rem}
.cg-mark{display:inline-block;border:1px solid var(--quiet);border-radius:.7rem;
 padding:0 .55rem;font-size:.82rem;line-height:1.5;color:var(--quiet);
 white-space:nowrap}
.cg-grave>.cg-mark{border-color:var(--alarm);color:var(--alarm);font-weight:600}
.cg table{border-collapse:collapse;font-size:.94rem;line-height:1.4;min-width:60%}
.cg td{min-width:5.2rem}
.cg caption{text-align:left;color:var(--quiet);padding:.2rem 0 .5rem;
 max-width:min(44rem,100cqw)}
.cg.cg th,.cg.cg td{text-align:left;padding:.45rem .9rem .45rem 0;vertical-align:top;
 border-bottom:1px solid var(--line);font-weight:400;background:var(--ground)}
.cg.cg thead th{color:var(--quiet);font-size:.86rem;
 border-bottom:1.5px solid var(--ink)}
.cg.cg tbody th{font-weight:600;min-width:6.5rem}
.cg.cg tr.cg-marked th,.cg.cg tr.cg-marked td{background:var(--warm)}
.cg-scroll{overflow-x:auto;margin:.8rem 0;container-type:inline-size}
.cg figure{margin:1rem 0}
.cg figure svg{width:100%;height:auto;max-width:44rem;min-width:27rem;display:block;
 color:#1d2733}
.cg figure svg.cg-narrow{max-width:32rem;min-width:0}
.cg figure svg.cg-crowd{min-width:0}
.cg figure>div{overflow-x:auto}
.cg figcaption{color:var(--quiet);font-size:.94rem;max-width:44rem}
.cg details{margin:.4rem 0}
.cg summary{cursor:pointer;color:var(--accent);font-size:.94rem;padding:.1rem 0;
 min-height:24px}
.cg bdi{overflow-wrap:break-word;white-space:pre-line}
.cg p bdi,.cg li bdi{overflow-wrap:anywhere}
.cg data{font-variant-numeric:tabular-nums}
.cg-on-screen{display:none}
@media (max-width:760px){.cg .cg-panel.cg-panel{grid-column:1/-1}}
@media (max-width:480px){.cg{font-size:15px}.cg h1{font-size:1.6rem}
 .cg-strong .cg-lead{font-size:1.2rem}}
"""
)
"""What every cell and every page is set in."""

_DARK_PAGE = f"""
@media screen and (prefers-color-scheme:dark){{
.cg-page{{{_variables(DARK)}}}
.cg-page figure svg{{{_DARK_PICTURES}}}}}
"""

PAGE_CSS = (
    """
.cg.cg-page{margin:0;max-width:none;background:var(--ground);
 padding:1.6rem 1.25rem 4rem}
#overview{padding-top:1rem}
.cg-frame{max-width:61rem;margin:0 auto}
.cg-frame>header{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;
 padding-bottom:.9rem}
.cg-frame>header>*{margin:0}
.cg-frame>header>h1,.cg-frame>header>.cg-warn{flex-basis:100%;max-width:none}
.cg nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;padding:0;
 margin:1rem 0;font-size:.94rem}
.cg nav li{margin:0}
.cg nav a,.cg-top a{display:inline-block;padding:.2rem 0;text-decoration-thickness:1px;
 text-underline-offset:.2em}
.cg-page :target{scroll-margin-top:1rem}
.cg-page :is(h2,h3,h4):target,.cg-page :target>h2,.cg-page figure:target{
 background:var(--warm)}
.cg-a{display:inline-block;min-width:24px;line-height:24px;text-align:center;opacity:0;
 font-weight:400;font-size:1rem;text-decoration:none}
.cg.cg-page .cg-a{color:var(--quiet)}
.cg-a::before{content:"#"}
:is(h2,h3,h4,figcaption):hover>.cg-a,.cg-a:focus{opacity:1}
@media (hover:none){.cg-a{opacity:1}}
.cg-page footer{border-top:1px solid var(--line);padding-top:1rem}
.cg-page footer p{overflow-wrap:anywhere;font-size:.88rem}
@media (min-width:1100px){
.cg-frame{display:grid;grid-template-columns:11.5rem minmax(0,1fr);column-gap:3rem;
 max-width:75.5rem}
.cg-frame>*{grid-column:2}
.cg-frame>nav{grid-column:1;grid-row:1/span 3;position:sticky;top:1.5rem;
 align-self:start;max-height:calc(100vh - 3rem);overflow-y:auto}
.cg nav ol{display:block;margin:.4rem 0}
.cg nav a{padding:.28rem 0;line-height:1.35}}
@media (prefers-reduced-motion:reduce){.cg-page *{animation:none!important;
 transition:none!important;scroll-behavior:auto!important}}
"""
    + _DARK_PAGE
    + """
@page{size:A4;margin:13mm 14mm 13mm}
@media print{
:root{font-size:8.8pt}
.cg.cg-page{padding:0;font-size:1rem;line-height:1.35;print-color-adjust:exact;
 -webkit-print-color-adjust:exact}
#overview{padding-top:.4rem}
.cg-frame{display:block;max-width:none}
.cg nav,.cg-a,.cg-top,.cg-to,.cg-page details:not([open]),.cg-page .cgx-host,
 #glossary:not(:has([open])){display:none!important}
.cg-page .cgx-static{display:block!important}
.cg-on-screen{display:block;color:var(--quiet);font-size:.9em}
.cg h3{margin:.8rem 0 .2rem}
.cg-section{padding:.8rem 0 .2rem}
.cg p,.cg ul,.cg li{margin-top:.12rem;margin-bottom:.12rem}
.cg-headline,.cg-lead{font-size:1.1rem;line-height:1.4}
.cg-strong .cg-lead{font-size:1.25rem}
.cg-panel{padding-top:.3rem}.cg-panel.cg-strong{padding:.5rem .8rem}
.cg p,.cg ul,.cg figcaption,.cg caption{max-width:none}
.cg p{orphans:3;widows:3}
.cg h1,.cg h2,.cg h3,.cg h4,.cg caption,.cg-headline{break-after:avoid}
.cg figure,.cg tr,.cg-card,.cg-panel,.cg li,.cg-headline,.cg-lead,.cg-warn{
 break-inside:avoid}
.cg-scroll:not(:has(tr:nth-child(9))){break-inside:avoid}
.cg thead{display:table-header-group}
.cg-scroll{overflow:visible;container-type:normal;margin:.4rem 0}
.cg table,.cg .cg-panel table{font-size:.9rem;min-width:0;width:100%}
.cg.cg th,.cg.cg td,.cg.cg .cg-panel td{padding:.14rem .6rem .14rem 0;min-width:0}
.cg figure{margin:.5rem 0}
.cg figure>div{overflow:visible}
.cg figure svg{min-width:0;max-width:120mm;max-height:85mm}
.cg-columns{gap:.6rem 1.4rem;margin:.4rem 0}
.cg .cg-panel.cg-panel{grid-column:span 3}
.cg .cg-panel.cg-narrow{grid-column:span 2}
.cg .cg-panel.cg-broad,.cg .cg-panel.cg-strong{grid-column:span 4}
.cg-card{margin:.5rem 0}}
"""
)
"""What a whole page is set in besides: its frame, a dark screen, and paper."""
