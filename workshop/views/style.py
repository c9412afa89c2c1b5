"""One palette, by role, and the page's style sheet.

A colour means a role and nothing else. The roles differ in lightness too, so that
they stay apart in grey and for colour-blind readers; a test measures both.
"""

from __future__ import annotations

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

CSS = """
.cg{--ink:#1d2733;--quiet:#5b6773;--line:#cfd6dc;--accent:#0b5a55;--warm:#fbf6ec;
 --ground:#fff;
 color:var(--ink);font:16px/1.6 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,
 sans-serif;max-width:52rem}
.cg h1{font-size:2rem;line-height:1.2;margin:0 0 .4rem;font-weight:650}
.cg h2{font-size:1.35rem;line-height:1.3;margin:0 0 .6rem;font-weight:650}
.cg h3{font-size:1.05rem;margin:1.6rem 0 .4rem;font-weight:650}
.cg p{margin:.5rem 0;max-width:44rem}
.cg ul{margin:.4rem 0 .8rem;padding-left:1.2rem;max-width:44rem}
.cg li{margin:.3rem 0}
.cg a{color:var(--accent)}
.cg :focus-visible{outline:3px solid #6d87c8;outline-offset:2px}
.cg-section{border-top:1px solid var(--line);padding:2rem 0 1.4rem}
.cg-headline,.cg-lead{font-size:1.15rem;line-height:1.5}
.cg-quiet{color:var(--quiet);font-size:.94rem}
.cg-warn{background:var(--warm);border-left:4px solid #e3a931;padding:.5rem .8rem}
.cg-badge{display:inline-block;padding:.1rem .7rem;border-radius:1rem;
 border:1.5px solid var(--ink);font-weight:600;font-size:.95rem}
.cg-card{border-left:4px solid var(--line);padding:.1rem 0 .1rem .9rem;margin:1rem 0}
.cg-card.cg-grave{border-left-color:#b8452b}
.cg-card ul{margin:.2rem 0 .3rem}
.cg-card h4{font-size:1rem;margin:0 0 .2rem;font-weight:650}
.cg-card p{margin:.15rem 0}
.cg-tag{color:var(--quiet);font-weight:400;font-size:.86rem;margin-left:.4rem;
 white-space:nowrap}
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
.cg figure svg{width:100%;height:auto;max-width:44rem;display:block}
.cg figure>div{overflow-x:auto}
.cg figure svg{min-width:27rem;background:#fff}
.cg figcaption{color:var(--quiet);font-size:.94rem;max-width:44rem}
.cg details{margin:.4rem 0}
.cg summary{cursor:pointer;color:var(--accent);font-size:.94rem}
.cg .given{overflow-wrap:break-word;white-space:pre-line}
.cg p .given,.cg li .given{overflow-wrap:anywhere}
.cg data{font-variant-numeric:tabular-nums}
.cg nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:0;
 margin:1rem 0;font-size:.94rem}
[data-jp-theme-light="false"] .cg{--ink:#e6eaee;--quiet:#aab4bd;--line:#4a545d;
 --accent:#6cc4bb;--warm:#3a3322;--ground:#111}
@media (max-width:480px){.cg{font-size:15px}.cg h1{font-size:1.6rem}}
@media print{.cg{max-width:none;font-size:11pt}.cg-section{break-inside:auto}
 .cg figure,.cg tr{break-inside:avoid}.cg nav{display:none}
 .cg-scroll{overflow:visible}}
"""
