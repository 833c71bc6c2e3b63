"""Clauses of a message in one normal form: question word, auxiliary, subject, predicate.

Phrases (`kg.phrases`) stand in the text as `§0`, `§1`, …; auxiliaries lose their inflection ("Where does §0 live?" is
where · do · §0 · "live"; "Who's married to §1?" is who · be · – · "be married to §1"), so that the predicates of
`relations.toml` can be matched whatever the wording around them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.phrases import Phrase

_LONGEST = 400  # characters of a clause that are read: what is longer is no question
_MOST = 100  # clauses of a message
_CONTRACTIONS = (
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\b(\w+)n't\b"), r"\1 not"),
    (re.compile(r"\b(who|what|where|when|how|why)'?d\b"), r"\1 did"),
    (re.compile(r"\b(who|what|where|when|how|why|that|there|here|it|he|she) ?'s\b"), r"\1 is"),
    (re.compile(r"\b(whos|whats|wheres|hows|whens)\b"), lambda m: f"{m[1][:-1]} is"),
    (re.compile(r"(§\d+|\b\w+) ?'m\b"), r"\1 am"),
    (re.compile(r"(§\d+|\b\w+) ?'re\b"), r"\1 are"),
    (re.compile(r"(§\d+|\b\w+) ?'ve\b"), r"\1 have"),
    (re.compile(r"(§\d+|\b\w+) ?'ll\b"), r"\1 will"),
    (re.compile(r"(§\d+|\b\w+) ?'d\b"), r"\1 had"),
    (re.compile(r"§(\d+) ?'s\b"), r"§\1 is"),
    (re.compile(r"\bgonna\b"), "going to"),
    (re.compile(r"\bya\b"), "you"),
    (re.compile(r"\bain not\b"), "are not"),
)
_BE = re.compile(r"\b(?:am|is|are|was|were|been|being|r)\b")
_HAVE = re.compile(r"\b(?:has|had|having)\b")
_DO = re.compile(r"\b(?:does|did)\b")
_GET = re.compile(r"\b(?:gets|got|gotten|getting)\b")
_PAST = re.compile(r"\b(?:was|were|used to|back then|formerly|in the past)\b")
_DID = re.compile(r"\b(?:did|had|ever)\b|\b(?:have|has)\b.*\b(?:been|ever)\b")
_ADVERBS = re.compile(
    r"\b(?:ever|still|already|really|actually|currently|now|just|also|always|even|exactly|finally|officially|recently|"
    r"presently|at the moment|right now|these days|nowadays|by now|yet|anyway|in fact|so|then|truly|secretly|"
    r"happily|legally|today|once|not|never|used? to|supposed to|both|all|two|guys|in real life|for real|again|too"
    r"|anymore|any more|originally|by the way|btw|please|back then|before(?=\s*$)|exactly|at all)\b"
)
_ANYBODY = re.compile(r"\b(?:(?:to|with|by) )?(?:any|some)(?:one|body)(?: else| special| new)?\b")
_LONG = re.compile(r"\b(?:for )?(?:long|years|a long time|a while|many years)$")
_OPENING = re.compile(
    r"^(?:hey|hi|hello|yo|oh|so|well|and|but|okay|ok|um|uh|listen|wait|yeah|yes|no|right|sure|dude|man|also|then|now"
    r"|good (?:morning|evening|afternoon|day)|tell me|please|hmm|wow"
    r"|(?:do|can|could|would|will) (?:you|§\d+) (?:please )?(?:know|tell me|say|remember|remind me)"
    r"(?= (?:§\d+|(?:who|what|where|when|how|why|if|whether)\b))"
    r"|(?:i|we) (?:was |am |'m )?(?:wonder(?:ing)?|want to know|'d like to know|would like to know|forget|forgot"
    r"|need to know)|remind me|let me ask(?: you)?|quick question|question|if|whether"
    r"|(?:is it|it is) (?:really )?true(?: that)?|(?:i|we) (?:hear|heard|read|saw)(?: that)?|by the way|btw"
    r"|did (?:you|§\d+) know(?: that)?|(?:what|how) about(?= §)"
    r"|(?:in|at|to|with|for|from|on)(?= (?:which|what|whom|who)\b)|congratulations|congrats"
    r"|§\d+ (?:think|guess|believe|know|mean|swear|remember|told you)(?: that)?(?= §))(?![\w'])[\s,:]*"
)
_WH = re.compile(
    r"^(?P<wh>who|whom|whose|when|why|where|how (?:old|many|long|much|tall|often|come)|how|"
    r"(?:what|which)(?: (?:\w+ (?=company|firm|store|restaurant|city|town))?(?:city|town|street|country|state|company"
    r"|firm|store|restaurant|museum|school|college|university|day|month|date|neighborhood|places|countries|age))?)\b"
)
_AUX = r"(?:be|do|have|will|would|can|could|should|might)"
_SUBJECT = r"§\d+(?:(?: and|,|&) §\d+)*"
_INVERTED = re.compile(rf"^(?P<aux>{_AUX})\s+(?:not\s+)?(?P<subject>{_SUBJECT})(?P<rest>.*)$")
_PLAIN = re.compile(rf"^(?:(?P<aux>{_AUX})\s+)?(?P<rest>.*)$")
_DECLARATIVE = re.compile(rf"^(?P<subject>{_SUBJECT})\s+(?P<rest>.*)$")
_STRANGER = re.compile(r"^(?P<aux>be|do|have)\s+(?P<subject>[\w'-]+(?: [\w'-]+)?)\s+(?P<rest>§\d+.*)$")
_TAG = re.compile(
    r"(?:,?\s*(?:right|correct)|,\s*(?:be|do|have|will)(?: not)? (?:§\d+|he|she|they|it|you|i)(?: not)?)\s*$"
)
_SPLIT = re.compile(r"([.?!;\n…]+)")
_AND = re.compile(
    r"(?:,\s*(?:and|but|or)?\s*(?=§\d+ (?:is|are|was|am|do|did|have|has)\b))"
    r"|(?:,|\band\b|\bbut\b|\bor\b)+\s*(?:so\s+)?(?=(?:who|what|where|when"
    r"|how|why|which|is|are|was|were|do|does|did|have|has|will|can)\b(?!\s+(?:about|else)\b)"
    r"(?!(?:\s+not)?\s+(?:§\d+|you|he|she|they|it|i|we)(?:\s+not)?\s*$))"
)
_NUMBER = re.compile(r"§(\d+)")
_BEFORE = re.compile(r"\bbefore (?:§\d+|you|i|he|she|we|they)\b")
_OPINION = re.compile(r"^(?:what|how) do (§\d+) (?:think|feel) (?:about|of) (?=\S)")


@dataclass(frozen=True)
class Frame:
    """One clause. `subjects` are indices of phrases; `predicate` has auxiliaries without inflection."""

    wh: str  # "who", "how many", "what city", … or ""
    aux: str  # "be", "do", "have", "will", … or ""
    subjects: tuple[int, ...]
    predicate: str  # with its auxiliary where that is be or have: "be married to §1", "live", "have any kids"
    question: bool  # by word order, question word, tag or question mark
    past: bool = False  # "was", "used to"
    did: bool = False  # "did", "have ever"
    negated: bool = False  # "not", "never", "no"
    opinion: bool = False  # "what do you think of …"
    before: bool = False  # "… before Joey moved in"
    raw: str = ""  # the clause before anything was taken off it
    text: str = ""  # the clause in normal form
    noun: str = ""  # what is counted or chosen: "how many sisters", "what band"
    stranger: str = ""  # a subject that no phrase covers ("is Emma your daughter?")

    @property
    def phrases(self) -> tuple[int, ...]:
        """Indices of all phrases in the clause."""
        return tuple(int(n) for n in _NUMBER.findall(self.text))


def frames(message: str, phrases: Sequence[Phrase], persona_id: str) -> tuple[Frame, ...]:
    """The clauses of a message. The last of `phrases` stands for the persona where the message only implies it."""
    text = _substitute(message, phrases[:-1])
    called = _called(message, phrases[:-1], persona_id)
    found = []
    parts = _SPLIT.split(text)
    for clause, end in list(zip(parts[::2], [*parts[1::2], ""], strict=False))[:_MOST]:
        for piece in _pieces(_expand(_shortened(clause))):
            frame = _frame(_without_address(piece, called), piece, asked="?" in end, implied=len(phrases) - 1)
            if frame is not None:
                found.append(frame)
    return tuple(found)


def subordinate(text: str) -> Frame:
    """A clause of a sentence already in normal form, as a yes/no question: "§0 be dating §1"."""
    frame = _ordered("", text.strip(), True, "")
    return Frame(**{**vars(frame), "raw": text, "text": text})


def _shortened(clause: str) -> str:
    return clause if len(clause) <= _LONGEST else clause[:_LONGEST].rpartition(" ")[0]


def _substitute(message: str, phrases: Sequence[Phrase]) -> str:
    out, last = [], 0
    for index, phrase in enumerate(phrases):
        out += [message[last : phrase.start].replace("§", " "), f" §{index} "]
        last = phrase.end
    return re.sub(r"[ \t]+", " ", "".join([*out, message[last:].replace("§", " ")]).replace("’", "'").lower()).strip()


def _expand(clause: str) -> str:
    for pattern, replacement in _CONTRACTIONS:
        clause = pattern.sub(replacement, clause)
    return clause.strip(' "“”()*-')


def _pieces(clause: str) -> Iterator[str]:
    start = 0
    for mark in _AND.finditer(clause):
        if mark.start() > start:
            yield clause[start : mark.start()]
        start = mark.end()
    yield clause[start:]


def _called(message: str, phrases: Sequence[Phrase], persona_id: str) -> list[str]:
    """Marks of the phrases that are the persona's own name, by which it may only be called."""
    found = []
    for index, phrase in enumerate(phrases):
        name = message[phrase.start : phrase.end].lower()
        if phrase.nodes == (persona_id,) and not (phrase.steps or phrase.attribute) and name not in {"you", "u"}:
            found.append(f"§{index}")
    return found


def _frame(piece: str, raw: str, *, asked: bool, implied: int) -> Frame | None:
    past, did = bool(_PAST.search(piece)), bool(_DID.search(piece))
    negated = bool(re.search(r"\b(?:not|never|no|neither|n't)\b", piece))
    text = _normal(piece)
    tag = _TAG.search(text)
    if tag is not None and tag.start() > 0 and not _INVERTED.match(text[: tag.start()]) and not _WH.match(text):
        text, asked = text[: tag.start()].strip(" ,"), True
    if not text:
        return None
    text = _experience(text, implied)
    text, opinion = _OPINION.subn(r"do \1 like ", text)
    wh = _WH.match(text)
    body = text[wh.end() :].strip() if wh else text
    noun = ""
    if wh and wh["wh"].split()[0] in {"what", "which", "how", "whose"}:
        body, noun = _chosen(body, wh["wh"])
    frame = _ordered(_plain_wh(wh["wh"]) if wh else "", body, asked, noun)
    return Frame(
        **{
            **vars(frame),
            "past": past,
            "did": did,
            "negated": negated,
            "opinion": bool(opinion),
            "before": bool(_BEFORE.search(piece)),
            "raw": raw,
            "text": text,
        }
    )


def _plain_wh(wh: str) -> str:
    """As in "which fashion company": "what company"."""
    return re.sub(r"^what \w+ (?=company|firm|store|restaurant|city|town)", "what ", wh.replace("which ", "what "))


def _experience(text: str, implied: int) -> str:
    """As in "What's it like to be married?" and "Do you like being married?" take for granted that one is."""
    text = re.sub(r"^(?:how )?be it (?:really )?\w+ (?:to )?be ", f"how be §{implied} ", text)  # "is it fun being …?"
    text = re.sub(
        r"^(?:how )?be it (?:really )?\w+ (?:to )?(?:raise|raising|have|having|own|owning) (?=an?\b)",
        f"how do §{implied} have ", text,
    )  # fmt: skip
    text = re.sub(r" (?:all )?by (?:§\d+|yourself)$", "", text)
    text = re.sub(r"^(?:get |have )?any (?=[a-z])", f"do §{implied} have any ", text)  # "any allergies?"
    text = re.sub(r"(?<=\w) (?:that )?(?:i|we) (?:should|must|need to|have to|ought to) (?:know|hear)\b.*$", "", text)
    text = re.sub(r"^(?:what|how) be be (.*?) like$", rf"how be §{implied} \1", text)
    text = re.sub(r"^(?:what|how) (?:be|do) it (?:feel )?(?:like )?(?:to )?be ", f"how be §{implied} ", text)
    return re.sub(rf"^(?:how )?do ({_SUBJECT}) (?:like|enjoy|love|regret|miss|hate|mind) (be) ", r"how \2 \1 ", text)


def _chosen(body: str, wh: str) -> tuple[str, str]:
    """Split "sisters do §0 have" behind "how many" into the clause and "sisters"."""
    match = re.match(rf"^(?P<noun>[\w' -]+?)\s+(?P<body>{_AUX}\b.*)$", body)
    if match is None or re.match(rf"{_AUX}\b", body) or wh in {"how", "how old"}:
        return body, ""
    return match["body"], re.sub(r"^(?:kind|type|sort)s? of ", "", match["noun"])


def _ordered(wh: str, body: str, asked: bool, noun: str) -> Frame:
    """Find auxiliary, subject and predicate by word order."""
    inverted = _INVERTED.match(body)
    if inverted:
        aux, rest = inverted["aux"], _tidy(inverted["rest"])
        predicate = f"{aux} {rest}".strip() if aux in {"be", "have"} else rest
        return Frame(wh, aux, _numbers(inverted["subject"]), predicate, True, noun=noun)
    if wh and wh != "how come":
        declared = _DECLARATIVE.match(body)
        if declared:  # "do you know where Ross lives"
            frame = _statement(declared, True)
            return Frame(**{**vars(frame), "wh": wh, "noun": noun})
        plain = _PLAIN.match(body)
        aux = (plain and plain["aux"]) or ""
        rest = _third_person(_tidy(plain["rest"]) if plain else _tidy(body), aux)
        predicate = f"{aux} {rest}".strip() if aux in {"be", "have"} else rest
        return Frame(wh, aux, (), predicate, True, noun=noun)
    stranger = _STRANGER.match(body)
    if stranger and asked:
        rest = _tidy(stranger["rest"])
        return Frame(wh, stranger["aux"], (), f"be {rest}", True, stranger=stranger["subject"])
    declared = _DECLARATIVE.match(body)
    if declared:
        return _statement(declared, asked)
    return Frame(wh, "", (), _tidy(body), asked)


def _statement(declared: re.Match[str], asked: bool) -> Frame:
    rest = _tidy(declared["rest"])
    first, _, more = rest.partition(" ")
    aux = first if first in {"be", "have", "do", "will"} else ""
    if aux in {"do", "will"} and more and not more.startswith("for "):
        rest = more
    rest = _third_person(rest, aux)
    return Frame("", aux, _numbers(declared["subject"]), rest, asked)


def _third_person(predicate: str, aux: str) -> str:
    """Take the -s off the verb: "lives in §1" is "live in §1"."""
    first, _, more = predicate.partition(" ")
    if aux or not first.endswith("s") or first.endswith("ss") or len(first) <= 3:
        return predicate
    return f"{first[:-1]} {more}".strip()


def _normal(piece: str) -> str:
    for pattern, lemma in ((_BE, "be"), (_HAVE, "have"), (_DO, "do"), (_GET, "get")):
        piece = pattern.sub(lemma, piece)
    piece = re.sub(r"\bhave (§[\d§ and,]+ )?get\b", lambda m: f"have {m[1] or ''}".strip(), piece)
    piece = re.sub(r"^(what|who|where|when) be it that ", r"\1 ", piece)
    piece = re.sub(r"^what (?:make|made) (?=§\d+ )", "why do ", piece)
    piece = re.sub(r"^(§\d+) get (?=(?:an?|any)\b)", r"\1 have ", piece)
    for pattern, replacement in _WORDY:
        piece = pattern.sub(replacement, piece)
    return re.sub(r"\s+", " ", piece).strip(" ,")


# Long ways to ask a short thing.
_WORDY = (
    (re.compile(r"^be there (?:some|any)(?:thing|body|one)\b.*?(§\d+) be (?=\w+ (?:of|to|with)\b)"), r"what be \1 "),
    (
        re.compile(r"^what (?:sort|kind|line|type) of (?:work|job|business) (?:be|do) (§\d+)(?: in| do)?.*"),
        r"what do \1 do for a living",
    ),
    (
        re.compile(
            r"^what do (§\d+(?: and §\d+)?)(?: two| both| guys)? (?:name|call|named|called) (?:the|your) "
            r"(twins|baby|babies|kids?|children|boys?|girls?)\b.*"
        ),
        r"what \2 do \1 have",
    ),
    (re.compile(r"^[\w' ]{3,20}, (?=(?:do )?§\d+(?: guys| two| both| all)? (?:have|be|like|live)\b)"), ""),
)


def _tidy(rest: str) -> str:
    """A predicate without the adverbs that change nothing."""
    kept = re.sub(r"\bnot (?=like\b|stand\b)", "not_", rest)
    kept = _ANYBODY.sub(" ", _LONG.sub(" ", kept.strip()))
    kept = _ADVERBS.sub(" ", kept).replace("not_", "not ")
    kept = re.sub(r"\s+", " ", kept).strip(" ,-:'\"")
    return re.sub(r"\bhave been\b|\bhave be\b", "be", kept)


def _without_address(piece: str, called: Sequence[str]) -> str:
    """Strip greetings, openings and the persona's own name where it is only called."""
    piece = piece.strip(" ,")
    while True:
        before = piece
        piece = _OPENING.sub("", piece).strip(" ,")
        for mark in called:
            if re.match(
                rf"^{mark}\s*(?:,|$|(?=(?:who|what|when|where|why|how|is|are|was|were|do|does|did|tell)\b))", piece
            ):
                piece = piece[len(mark) :].strip(" ,")
            if re.search(rf",\s*{mark}$", piece):
                piece = piece[: -len(mark)].strip(" ,")
        if piece == before:
            return piece


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in _NUMBER.findall(text))
