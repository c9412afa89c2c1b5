r"""By which words does the checker of 01 know a date, a measure, a target, a promise?

Patterns only; `framing_rules` says what each is for. Written with `re.VERBOSE`: blanks
and line breaks mean nothing, so a blank to be matched is ``\s+`` or an escaped one.
"""

from __future__ import annotations

import re


def words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that cares for neither case nor layout."""
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


# --- numbers and stretches of time ----------------------------------------------------

N = r"""(?: \d[\d.,]* | \b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|
    fifteen|twenty|thirty|forty|fifty|sixty|ninety|
    half|a\ third|a\ quarter|a\ fifth)\b )"""
FEW = r"(?:an?|one|two|three|four|five|six|nine|ten|twelve|eighteen|\d+)"
SPAN = r"(?:shift|hour|day|week|month|quarter|year|night|visit|case|branch|store)"
MONTH = r"""(?:january|february|march|april|june|july|august|september|october|november|
    december)"""
SEASON = r"(?:spring|summer|autumn|fall|winter|christmas|easter)"
TERM = r"(?:year|quarter|month|season|term|semester)"

# "2027-03", "the 3rd of May", "by next summer", "before the end of the year", "Q3"
DATE = words(
    rf"""\b(?: 20\d\d (?:-\d\d){{0,2}}
      | (?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)? | the\s+first\s+of\s+)?
        {MONTH} (?:\s+20\d\d)?
      | (?:by|until|before|in|of|next|this|for)\s+may (?:\s+20\d\d)?
      | [qh][1-4]
      | (?:by|until|before|this|next|the)\s+ (?:the\s+)? (?:\w+\s+of\s+)? (?:the\s+)?
        {SEASON} (?:\s+\w+)?
      | (?:by|before|until|at)\s+ (?:the\s+)? (?:end|start|beginning|middle)\s+of\s+
        (?:the\s+|this\s+|next\s+)? (?:\w+\s+)? {TERM}
      | (?:by|before|until)\s+ (?:the\s+)? year['’]s\s+end
      | (?:this|next|the\ coming)\s+ {TERM}
      | (?:with)?in\s+ (?:the\s+next\s+)? {FEW}\s+ (?:weeks|months|quarters|years?)\b
        (?!\ of)
    )\b"""
)
# "within 30 days of delivery", "longer than two days": part of what is measured
WINDOW = words(
    rf"""\b(?: within | (?:longer|more|later|older)\s+than | first )\s+
    (?:the\ first\s+)? {FEW}\s+ (?:seconds?|minutes?|hours?|days?|weeks?)\b"""
)
# "of 100", "per 1,000 parts": what is counted on, and no value of it
BASE = words(
    r"""\b(?: per | (?<!instead\ )of | in | out\ of | every | each )\s+
    (?:every\s+|each\s+)? (?:the\s+)? \d[\d.,]* (?!\s*(?:%|percent))"""
)

# --- values ---------------------------------------------------------------------------

VALUE = words(N)
FROM = words(rf"\bfrom\s+{N}")
VALUES_BEGIN = words(rf"\b(?:from|to)\s+{N} | :")

# "halve", "by a third", "by 30 %", "save 70": wanted, and says nothing of today
CHANGE = words(
    rf"""\b(?: halv\w+ | doubl\w+ | tripl\w+
      | by\s+(?: half | (?:a|one)\s+(?:half|third|quarter) )
      | (?:by\s+)? {N}\s*(?:%|percent)\s*(?:fewer|less|more|lower|higher)
      | by\s+{N} (?:\s*(?:%|percent|points))?
      | sav\w+\s+{N} )"""
)
# "to 130", "should be 15", "below 30"; after dates were replaced: "30 by @"
TARGET = words(
    rf"""\b(?: to | down\ to | up\ to | below | under | over | above | at\ least
        | at\ most | no\ more\ than | fewer\ than | less\ than | only
        | should\ (?:be|need|take) | to\ be | want | aim(?:s|ed)?(?:\ for|\ is|:)
        | goal\ is | let\ (?:that|it)\ be )\s+ (?:\w+\s+)? (?:{N}|one\b)
      | {N} (?:(?!today|now)[^.;,:]){{0,40}} \b(?:should|by\s+@)
      | ^(?:handle|answer|reach|get|have|solve|process|deliver|serve|find)\s+{N}"""
)

# --- errors that may happen -----------------------------------------------------------

MOST = r"""(?:at\ most|no\ more\ than|not\ more\ than|up\ to|fewer\ than|less\ than|
    below|under|a\ maximum\ of|missing|accepting|tolerating|of\ at\ most)"""
WRONG = r"""(?:wrong\w*|errors?|erroneous\w*|mistake\w*|false|miss(?:es|ed|ing)?|
    incorrect\w*|mis[a-z]{4,}|needless\w*|invalid|defects?|off\ the\ mark|for\ nothing|
    reversed|slips?\ through|poor|correct(?:ed|ion)\w*|accurate|accuracy)"""
FINE = r"""(?:(?<!\bin\ )(?<!\bby\ )(?<!\bof\ )may(?!\s+\d)|might|
    tolera(?:ble|ted|te|ting)|acceptable|bearable|be\ borne|all\ right|
    (?:is|are)\ fine|we\ accept|live\ with|by\ mistake|at\ most)"""
NEAR = r"(?:[^.;:,]|[.,]\d)*?"
REST = r"(?:[^.;]|[.]\d)*"

ERROR = words(rf"\b{WRONG}\b")
# "at most 5 of 100 wrong", "wrong payouts stay below 1 %", "; one in ten may be off"
TOLERANCE = words(
    rf"""(?: {MOST}\s+(?:{N}|one) {NEAR} {WRONG} {REST}
      | {WRONG}\s+(?:{N}|no\ more\ than|at\ most) {REST}
      | {N}\s+{WRONG} {NEAR} at\ most
      | {WRONG}\b [^.;:]{{0,40}}? \b(?:stay|stays|staying|remain|remains|keep)?\s*
        (?:below|under|at\ most|no\ more\ than|fewer\ than|less\ than)\s+{N} {REST}
      | (?: [.;,:] | \b(?:and|while|with|but)\b )
        (?:(?!\b(?:and|while|with|but)\b)[^.;,])*? \b{FINE}\b {REST} )"""
)

# --- something to count or to time ----------------------------------------------------

COUNTED = words(
    rf"""(?<![-\w])(?: hours? | minutes? | seconds? | days? | share | rates?
      | percent\w* | costs? | time | euros? | dollars? | median | average | number
      | backlog | losses | revenue | churn | turnover | kilometres | miles | litres
      | tonnes | per | accuracy | valuation | price | how\ (?:often|many|long|much)
      | (?:of|in)\ (?:every\ |each\ )?\d+ | (?:half|third|quarter|fifth)\ of
      | (?:a|per|each|every|this)\ {SPAN}
    )\b | [%€$£]"""
)
# "fewer complaints", "reduce wrong bills"
CHANGED_COUNT = words(
    r"""\b(?: (?:fewer|shorter|lower|higher|faster|quicker|cheaper|smaller)\s+\w+
      | (?:less|more)\s+\w+s\b
      | (?:cut|reduc\w+|lower\w*|halv\w+|doubl\w+|rais\w+|sav\w+)\s+
        (?:(?:the|our|of|all)\s+)* (?:[\w-]+\s+){0,2} [\w-]+s )\b"""
)
PLURAL = words(r"\b[a-z-]{2,}[^\Wsui]s\b")

# --- what cannot be moved, and praise -------------------------------------------------

FAR_AWAY = words(
    r"""\b(?: (?:share|stock)\ price | valuation | market\ share | our\ (?:own\ )?brand
      | brand\ (?:image|awareness|reputation|value|perception|strength|equity)
      | innovati(?:on|ve) | thought\ leader\w* | (?:industry|market)\ lead\w*
      | lead\ the\ (?:industry|market|field) | competitive\ (?:advantage|edge|position)
      | digital\ transformation | reputation | goodwill | the\ economy | gdp
      | investor\ (?:confidence|relations) )\b"""
)
BUZZ = words(
    r"""\b(?: ai[- ](?:powered|driven|first|native|enabled) | state[- ]of[- ]the[- ]art
      | cutting[- ]edge | world[- ]class | best[- ]in[- ]class
      | next[- ]gen(?:eration)? | seamless\w* | frictionless | user[- ]friendly
      | revolutionar\w+ | game[- ]chang\w+ | future[- ]proof | data[- ]driven
      | optimi[sz]e[ds]? | optimal | best\ possible
      | (?:more\ |highly\ )?efficient(?:ly)? )\b"""
)
_ADJECTIVE = r"""\b(?:(?:more|very|highly|most)\s+)?
    (?:accurate|smart|smarter|intelligent|precise|reliable|robust|powerful)(?![-\w])"""
PRAISE = words(_ADJECTIVE)
# "accurate invoices", "smart watches": it tells which things are counted
PRAISED_THING = words(rf"{_ADJECTIVE}\s+ (?:\w+\s+){{0,2}} \w+s\b")
PRAISED_COUNT = words(
    rf"""{_ADJECTIVE}\s+ (?:\w+\s+){{0,2}} \w+s\b .*
    (?:\bper\b|\bof\ \d|\ba\ {SPAN}|from\ \d)"""
)
ACCURACY = words(
    r"""\b(?: (?:model|algorithm|ai|prediction|classifier|system|bot|llm)(?:['’]s|s)?\s+
        accuracy
      | accuracy\s+of\s+(?:the|our|its|an?)\s+(?:\w+\s+)?
        (?:model|algorithm|ai|predictions?|classifier|system|bot|llm)
      | (?:high|higher|highest|better|best|more|maximum)\s+accuracy
      | \d\s*%\s+accura(?:cy|te) ) | ^\W*accuracy\W*$"""
)
