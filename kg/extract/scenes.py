"""Weak signals of scenes, pooled per pair: who is at home where, who calls whom Mom, who kisses whom, vows."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from kg.extract.mentions import Evidence, Line, Names, same_family
from kg.extract.modality import doubtful
from kg.extract.types import Statement
from kg.graph import node_id

_HOME = re.compile(
    r"^(?:scene:?|cut to:?|back (?:at|in|to)|int\.?)?\s*(?:inside |outside |in |at )?(?P<who>.{3,60}?)(?:'s|s')"
    r"(?P<what>,|\.|$| (?:apartment|place|house|flat|cottage|home|bedroom|living room|kitchen)\b)",
    re.IGNORECASE,
)
_DWELLINGS = frozenset({"apartment", "place", "house", "flat"})
_ADDRESS = re.compile(
    r"(?:^|[,.!?-] ?)(?P<kin>mom|mommy|mum|mama|ma|dad|daddy|papa|grandma|grandpa|granny)(?=[,.!?]|$)", re.IGNORECASE
)
_KIN = {
    **dict.fromkeys(("mom", "mommy", "mum", "mama", "ma"), ("parent_of", "female")),
    **dict.fromkeys(("dad", "daddy", "papa"), ("parent_of", "male")),
    **dict.fromkeys(("grandma", "granny"), ("grandparent_of", "female")),
    "grandpa": ("grandparent_of", "male"),
}
KISS = re.compile(r"\bkiss(?:es)?(?P<each> (?:each other|passionately|again|more|goodbye))?\b", re.IGNORECASE)
_NO_KISS = re.compile(
    r"\b(?:tr(?:y|ies|ying)|goes|about|start|leans?|wants?|almost|refus\w*|cheek|forehead|hand|blows?|noise|head"
    r"|moves? to|nose|air|stops?|going|attempt\w*|pretend\w*|as if|seeing|sees|watch\w*|top|picture|bye"
    r"|sound|goodnight)\b",
    re.IGNORECASE,
)
_VOW = re.compile(r"\bI,? (?P<one>[A-Z]\w+)(?: [A-Z]\w+)*,? (?:do )?take (?:thee|you),? (?P<other>[A-Z]\w+)")
_DO_YOU_TAKE = re.compile(r"\b[Dd]o you,?(?: [A-Z][\w ]{1,40},?)? take (?P<other>[A-Z][\w ]{1,60})")
_I_DO = re.compile(r"I (?:do|will)\b")
_ACCEPTING = re.compile(r"(?:oh,? |well,? )*(?:yes|yeah|of course|i will)\b(?![^.!?]*\?)", re.IGNORECASE)
_ASKING = re.compile(r"\b[Ww]ill you (?:please )?marry me\b")
_NEAR = 8  # episodes
_PAIR_EPISODES = 3  # headings of fewer episodes say nothing about who lives there


def home_evidence(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """Homes, by headings: "Mona's apartment" of one person; "Chandler and Joey's" in at least three episodes of two."""
    homes: dict[tuple[str, ...], dict[str, Line]] = defaultdict(dict)
    order = {e: i for i, e in enumerate(dict.fromkeys(line.episode for line in lines))}
    for line in lines:
        who = householders(line.setting, line.episode, names)
        if who:
            homes[who].setdefault(line.episode, line)
    for who, episodes in sorted(homes.items()):
        steady = _steady(sorted(episodes), order) if len(who) > 1 else sorted(episodes)
        if len(who) > 3 or len(steady) < (_PAIR_EPISODES if len(who) > 1 else 1):
            continue
        yield from _living(who, [episodes[e] for e in steady], names)
        for line in (episodes[e] for e in steady):
            for i, one in enumerate(who):
                for other in who[i + 1 :]:
                    yield Evidence(Statement(one, "roommate", other, rule="heading", text=line.setting[:80]), line)


def _living(who: Sequence[str], lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """Each of them lives in "Mona's apartment"; a heading that doesn't say what it is ("Mona's") is no home of one."""
    for line in lines:
        match = _HOME.match(line.setting.replace("’", "'"))
        kind = match["what"].strip(" ,.").lower() if match else ""
        if match is None or (kind not in _DWELLINGS and len(who) == 1):
            continue
        called = " and ".join(line_name(w, names) for w in who)
        name = f"{called}'s {kind if kind in _DWELLINGS and len(who) == 1 else 'apartment'}"
        for one in who:
            known = ((node_id(name), name, "place"),)
            yield Evidence(
                Statement(one, "lives_in", node_id(name), rule="home", text=match[0][:80], names=known), line
            )


def line_name(who: str, names: Names) -> str:
    """The first name by which headings call somebody; title and surname where the name begins with a title."""
    words = names.called.get(who, who).split()
    return " ".join(words[:2]) if words[0].strip(".") in {"Mr", "Mrs", "Ms", "Dr", "Aunt", "Uncle"} else words[0]


def _steady(episodes: Sequence[str], order: Mapping[str, int]) -> list[str]:
    """Those with another within a few episodes: a heading that stands alone is a slip or a visit."""
    near = [any(e != o and abs(order[e] - order[o]) <= _NEAR for o in episodes) for e in episodes]
    return [e for e, ok in zip(episodes, near, strict=True) if ok]


def householders(setting: str, episode: str, names: Names) -> tuple[str, ...]:
    """Whose home a heading names: sorted node ids, empty where it names none (or more than the people)."""
    match = _HOME.match(setting.replace("’", "'"))
    if match is None:
        return ()
    found = names.find(match["who"], episode)
    rest = names.pattern.sub("", match["who"])
    if re.sub(r"\band\b|'s|&|[,\s]|\bthe\b", "", rest, flags=re.IGNORECASE):
        return ()
    return tuple(sorted({who for who, _, _ in found}))


def address_evidence(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """Parents: "Mom!" to the one person it can mean.

    That is the addressee, if the gender fits; where nobody is marked as addressed, the only one present who has the
    speaker's surname and the gender.
    """
    for line in lines:
        match = _ADDRESS.search(line.text)
        if match is None or not line.speaker:
            continue
        relation, gender = _KIN[match["kin"].lower()]
        fitting = [a for a in line.addressees if names.genders.get(a) == gender and a != line.speaker]
        rule = "address"
        related = [p for p in line.present if p != line.speaker and same_family(p, line.speaker)]
        kin = [p for p in related if names.genders.get(p) == gender]
        if len(kin) == 1 and (not fitting or kin == fitting):
            fitting, rule = kin, "address_surname"
        if len(fitting) == 1:
            parent = fitting[0]
            text = match.group(0).strip(" ,.!?-")
            yield Evidence(
                Statement(parent, relation, line.speaker, rule=rule, text=text, gendered=(parent, gender)), line
            )


def kiss_evidence(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """Who kisses whom, from directions: (agent, "event:kiss", patient)."""
    for line in lines:
        for direction in line.directions:
            match = KISS.search(direction)
            if match is None or _NO_KISS.search(direction):
                continue
            pair = kissing(direction, match, line, names)
            if pair and pair[0] != pair[1]:
                yield Evidence(Statement(pair[0], "event:kiss", pair[1], rule="direction", text=direction[:80]), line)


def kissing(direction: str, kiss: re.Match[str], line: Line, names: Names) -> tuple[str, str] | None:
    """(agent, patient) of a direction with a kiss; None where it doesn't tell."""
    before = [who for who, _, end in names.find(direction, line.episode) if end <= kiss.start()]
    after = re.match(r"\s+(\w+)", direction[kiss.end("each") if kiss["each"] else kiss.end() :])
    named = [who for who, start, _ in names.find(direction, line.episode) if start == kiss.end() + 1]
    others = [p for p in dict.fromkeys((*line.addressees, *line.present)) if p != line.speaker]
    if re.search(rf"\band\b.*\b{kiss[0].split()[0]}\b", direction[: kiss.end()]) and len(set(before)) == 2:
        return before[0], before[1]
    agent = before[-1] if before else (line.speaker if re.match(r"(?:\w+ing,? )?kiss", direction, re.I) else "")
    if named:
        alone = not before and re.match(r"(?:he|she) ", direction, re.IGNORECASE)
        gender = {"he": "male", "she": "female"}.get(direction.split(maxsplit=1)[0].lower(), "") if alone else ""
        if gender and names.genders.get(line.speaker) == gender:
            agent = line.speaker
        return (agent, named[0]) if agent else None
    both = re.match(r"(?:\W*they|.* they) kiss", direction, re.IGNORECASE)
    if both and line.speaker and len(others) == 1:
        return line.speaker, others[0]
    if both and line.speaker and len(line.addressees) == 1:
        return line.speaker, line.addressees[0]
    patient = _by_pronoun(direction, after[1].lower() if after else "", line, names)
    return (agent, patient) if agent == line.speaker and patient else None


def _by_pronoun(direction: str, pronoun: str, line: Line, names: Names) -> str:
    """Whom "him" or "her" of a direction means: whom a direction before turns to, else the addressee, if alone."""
    gender = {"him": "male", "her": "female"}.get(pronoun, "")
    earlier = line.directions[: line.directions.index(direction)]
    turned = [w for d in earlier if re.match(r"to [A-Z]", d, re.I) for w, _, _ in names.find(d, line.episode)]
    fitting = [p for p in turned or line.addressees if gender and names.genders.get(p) == gender]
    there = {p for p in (*line.addressees, *line.present) if names.genders.get(p) == gender} - {line.speaker}
    unclear = not turned and there - set(fitting)  # "kisses her", of two women in the room
    return fitting[0] if len(fitting) == 1 and not unclear else ""


def ceremony_evidence(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """Vows ("I, Ross, take thee, …", "do you take …?" – "I do") and "Will you marry me?", accepted or not."""
    for place, line in enumerate(lines):
        yield from _taking(lines, place, names)
        vow = _VOW.search(line.text)
        if vow is not None:
            one, other = ([w for w, _, _ in names.find(vow[g], line.episode)] for g in ("one", "other"))
            if one and other and one[0] == line.speaker and one[0] != other[0]:
                yield Evidence(Statement(one[0], "event:wedding", other[0], rule="vow", text=vow[0]), line)
        if _ASKING.search(line.text) and len(line.addressees) == 1 and line.speaker:
            answer = _answer(lines, place, line.addressees[0], _ACCEPTING)
            rule = "accepted" if answer else "asking"  # what is asked and not answered may be a joke
            yield Evidence(
                Statement(line.speaker, "event:proposal", line.addressees[0], rule=rule, text="will you marry me"), line
            )
            if answer:
                said = Statement(line.speaker, "engaged_to", line.addressees[0], rule="together", text=answer.text[:40])
                yield Evidence(said, answer)


def _taking(lines: Sequence[Line], place: int, names: Names) -> Iterator[Evidence]:
    """As in "Ben, do you take Iris to be your wife?", where Ben says that he does."""
    line = lines[place]
    asked = _DO_YOU_TAKE.search(line.text)
    if asked is None:
        return
    called = [w for w, _, _ in names.find(line.text[max(0, asked.start() - 40) : asked.start("other")], line.episode)]
    other = [w for w, _, _ in names.find(asked["other"], line.episode)]
    if called and other and called[-1] != other[0] and _answer(lines, place, called[-1], _I_DO):
        yield Evidence(Statement(called[-1], "event:wedding", other[0], rule="vow", text=asked[0]), line)


def _answer(lines: Sequence[Line], place: int, who: str, wording: re.Pattern[str]) -> Line | None:
    """The first thing somebody says in the next lines of the scene, if it is worded so."""
    for line in lines[place + 1 : place + 4]:
        if line.place == lines[place].place and line.speaker == who:
            return line if wording.match(line.text) else None
    return None


_WE = r"\b[Ww]e(?:'re| are)(?: actually)?"
_TOGETHER = (
    (re.compile(rf"{_WE} (?:engaged|getting married)\b"), "engaged_to"),
    (re.compile(rf"{_WE} married\b|\b[Ww]e(?: just| actually)? got married\b"), "spouse"),
)
_UNSURE = re.compile(
    r"\b(?:if|when|once|until|till|before|after|how|whether|would|could|should|maybe|like|say|think|that|what|why|not)\b"
)
_PRONOUNCED = re.compile(r"\b(?:pronounce|declare) (?:you|them) (?:husband|wife|man|partners)", re.IGNORECASE)


def couple_evidence(lines: Sequence[Line], couples: Collection[frozenset[str]]) -> Iterator[Evidence]:
    """As in "We're engaged!", to the only partner present; "I now pronounce you …", of the only couple present."""
    for line in lines:
        here = {p for p in (*line.present, *line.addressees) if p}
        if _PRONOUNCED.search(line.text):
            wed = sorted(tuple(sorted(c)) for c in couples if c <= here and line.speaker not in c)
            if len(wed) > 1:
                wed = [pair for pair in wed if set(pair) & set(line.addressees)]
            if len(wed) == 1:
                yield Evidence(Statement(wed[0][0], "event:wedding", wed[0][1], rule="vow", text="pronounce you"), line)
        for pattern, relation in _TOGETHER:
            match = pattern.search(line.text)
            partners = sorted(p for p in here if frozenset((p, line.speaker)) in couples and p != line.speaker)
            if match is not None and len(partners) == 1 and _plainly(line.text, match):
                yield Evidence(Statement(line.speaker, relation, partners[0], rule="together", text=match[0]), line)


def _plainly(text: str, match: re.Match[str]) -> bool:
    """Is it a statement of its own: nothing that makes it unreal before it, no question mark after?"""
    before = re.split(r"[.!?]", text[: match.start()])[-1]
    after = re.match(r"[^.!?]*(?P<mark>[.!?]?)", text[match.end() :])
    asked = after is not None and after["mark"] == "?"
    return not asked and not _UNSURE.search(before.lower()) and not doubtful(text)
