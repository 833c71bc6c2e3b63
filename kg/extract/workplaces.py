"""Where somebody works and for whom, by headings: "Iridium, Monica is working", "his boss, Mr. Franklin, enters"."""

import re
from collections.abc import Iterator, Sequence

from kg.extract.mentions import Evidence, Line, Names
from kg.extract.scenes import householders
from kg.extract.types import Statement
from kg.graph import node_id

_LEAD = re.compile(r"^(?:scene ?:?|cut to:?|int\.?|ext\.?)\s*(?:(?:in|at|outside|inside) )?", re.IGNORECASE)
_PLACE = re.compile(r"(?P<place>(?:[Tt]he )?[A-Z][\w.']*(?: (?:of |the |and )?[A-Z][\w.']*){0,4})(?P<rest>\s?[,.;(].*)")
_AT_WORK = re.compile(
    r"(?P<who>[A-Z]\w+) is (?:working(?! on)|serving|cooking|waiting tables|teaching(?= (?:a|his|her)\b))\b"
    r"|(?P<whose>[A-Z]\w+)'s (?:new )?(?:job|work)\b"
)
_BOSS = re.compile(r"\b(?:his|her) (?:new )?boss,? (?P<name>(?:(?:Mr|Mrs|Ms|Dr)\. )?[A-Z]\w+)")
_ROOMS = re.compile(
    r"\b(?:office|house|apartment|bedroom|room|kitchen|hallway|street|park|class|lapse|later|job|work|hospital"
    r"|interview|restaurant)\b",
    re.IGNORECASE,
)


def workplace_evidence(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """What each heading says of work, once a scene."""
    place = ""
    for line in lines:
        if line.place != place and line.setting:
            place = line.place
            yield from _at_work(line, names)
            yield from _bosses(line, names)


def _at_work(line: Line, names: Names) -> Iterator[Evidence]:
    setting = _LEAD.sub("", line.setting.replace("’", "'"))
    match = _PLACE.match(setting)
    if match is None or householders(line.setting, line.episode, names) or _ROOMS.search(match["place"]):
        return
    name = re.sub(r"^[Tt]he ", "the ", match["place"].rstrip("."))
    if names.find(name, line.episode):
        return  # "Joey's": a home
    for worker in _AT_WORK.finditer(match["rest"]):
        for who, _, _ in names.find(worker["who"] or worker["whose"], line.episode):
            known = ((node_id(name), name, "organisation"),)
            said = Statement(who, "works_at", node_id(name), rule="at_work", text=match[0][:80], names=known)
            yield Evidence(said, line)


def _bosses(line: Line, names: Names) -> Iterator[Evidence]:
    for match in _BOSS.finditer(line.setting):
        before = [who for who, _, end in names.find(line.setting, line.episode) if end <= match.start()]
        boss = names.find(match["name"], line.episode)
        who = boss[0][0] if boss else node_id(match["name"])
        if before and before[-1] != who:
            known = () if boss else ((who, match["name"], "person"),)
            yield Evidence(Statement(who, "boss_of", before[-1], rule="at_work", text=match[0], names=known), line)
