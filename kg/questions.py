"""Question understanding: what a message asks of the graph, as `Ask`s.

The clauses of the message are brought into one form (`kg.frames`); their predicates and noun phrases are looked up in
the relations table (`kg.cues`, `kg.nouns`). Nothing is returned for small talk; an `Ask` without relation says that
something is asked which no relation covers, so that the persona can say that it doesn't know.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from kg.acquaintance import awareness, ties
from kg.cues import Hit, hits, noun_readings, owned
from kg.english import lemma
from kg.frames import Frame, frames, subordinate
from kg.graph import Graph
from kg.linking import strangers
from kg.nouns import Noun, agent_lexicon
from kg.phrases import Phrase, Step, read_phrases
from kg.relations import relations
from kg.types import Ask, Mention

OPINION = "opinion"  # `Ask.kind` of what is asked as "what do you think of …?"
DENIES = "denies"  # `Ask.kind` of a predicate that says no: "are you single?"
PARTS_OF_NAMES = frozenset(
    {"first name", "middle name", "maiden name", "last name", "surname", "family name"}
)  # values of `Ask.kind`
_SLOTS = {"when": "time", "where": "place", "why": "reason", "how": "manner", "how come": "reason", "how many": "count"}
_LONG_AGO = {"how long": "time"}
_ANYTHING = frozenset({"anything", "anyone", "anybody", "something", "someone", "somebody", "anywhere", "somewhere"})
_CHAT = re.compile(
    r"(?:be|be up|be wrong|be new|be (?:going on|happening)|happen|happened|be doing(?: .*)?|do"
    r"|be (?:here|there|this|that|it)"
    r"|be (?:next|for (?:lunch|dinner|breakfast)).*|be (?:ok|okay|fine|good|great|sorry|ready|sure|alright|up).*"
    r"|be (?:going|coming|thinking|feeling|talking|saying).*|be your (?:name)?"
    r"|(?:think|feel|mean|want|say|need|care|know|make|go|come)\b.*)?"
)
_CHAT_ATTRIBUTES = re.compile(
    r"(?:day|night|weekend|week|morning|evening|problem|point|plan|plans|deal|opinion|advice|take|thoughts?|view|guess"
    r"|secret|idea|question|favor|favour|life|mood|issue|excuse|reaction|answer|feelings?|thing|feet|time|help|trip|date"
    r"|story|style|look|hair|face|heart|mind|head|eyes?|hand|place|turn|way|choice|tips?|wish|dream)\b.*"
)
_ABOUT = re.compile(
    r"(?:about|more about|something about|know|(?:have )?(?:hear|heard) (?:of|about)|remember|know about) (§\d+)|(§\d+)"
)
_FATE = re.compile(r"(?:happen|happens|happened|become|became)(?: to| of)? (§\d+)")
_ASKING = frozenset(
    {"who", "whom", "whose", "when", "where", "which", "what", "how old", "how many", "how much", "how tall"}
)


def understand(
    message: str,
    mentions: Sequence[Mention],
    persona_id: str,
    graph: Graph,
    history: Sequence[Mapping[str, str]] = (),
) -> tuple[Ask, ...]:
    """What a message asks, in its order; empty for small talk.

    `mentions` are what `Linker.link` found in the message (pronouns are resolved there, with the history), `graph` is
    stripped to the moment of the talk. `history` is taken for symmetry with `link` and not needed.
    """
    named = [*mentions, *strangers(message, mentions)]
    reader = Reader(message, read_phrases(message, named, graph), persona_id, graph)
    return tuple(dict.fromkeys(reader.asks()))


class Reader:
    """Reads one message."""

    def __init__(self, message: str, phrases: Sequence[Phrase], persona_id: str, graph: Graph) -> None:
        self.message = message
        self.phrases = (*phrases, Phrase(len(message), len(message), (persona_id,)))  # the last one is implied
        self.persona = persona_id
        self.graph = graph
        self.used: set[int] = set()  # phrases whose steps are what is asked

    def asks(self) -> Iterator[Ask]:
        """What the message asks, clause by clause."""
        for frame in frames(self.message, self.phrases, self.persona):
            found = list(self.read(frame))
            taken = list(self.taken_for_granted(frame))
            yield from (*found, *taken)
            if not found and not taken:
                yield from self._uncovered(frame)

    # --- one clause

    def read(self, frame: Frame) -> Iterator[Ask]:
        """What one clause asks (or, where it is a statement, says); nothing of what only would or could be."""
        if frame.aux in _UNREAL:
            return
        for read in (
            self._acquaintance,
            self._attribute,
            self._identity,
            self._stranger,
            self._possession,
            self._role,
            self._verb,
            self._about,
        ):
            found = list(read(frame))
            if found:
                yield from found
                return

    def _subjects(self, frame: Frame) -> tuple[str, ...]:
        """Node ids of the subject; empty where it is no phrase or a phrase that leads nowhere."""
        nodes = [n for i in frame.subjects for n in self._denoted(i)]
        return tuple(n for n in dict.fromkeys(nodes) if n in self.graph.nodes)

    def _denoted(self, index: int) -> tuple[str, ...]:
        phrase = self.phrases[index]
        return (phrase.apposed,) if phrase.apposed else phrase.nodes

    def _object(self, mark: str) -> str | None:
        """What stands in an object's place: a node id, a literal; None where the phrase leads nowhere."""
        if not mark.startswith("§"):
            return mark or None
        nodes = self._denoted(int(mark[1:]))
        return nodes[0] if nodes else None

    def _acquaintance(self, frame: Frame) -> Iterator[Ask]:
        """What somebody is to somebody; who knows what."""
        found = [*ties(frame, self._denoted, self.persona)]
        found = found or [*awareness(frame, self._denoted, self.persona, self._clause)]
        self.used |= {index for index in frame.phrases if found}
        yield from found

    def _clause(self, text: str) -> tuple[Ask, ...]:
        """What a clause behind "know that" says; a noun phrase ("your sister's wedding") asks for what it names."""
        frame = subordinate(text)
        if frame.subjects:
            return tuple(self.read(frame))
        steps = [s for i in frame.phrases[:1] for s in self.phrases[i].steps[-1:] if s.subject]
        return tuple(self._ask(step, None, "wh", frame) for step in steps)

    def _attribute(self, frame: Frame) -> Iterator[Ask]:
        """As in "What is your blood type?": an attribute that no relation covers."""
        main = _SUBORDINATE.split(frame.text, maxsplit=1)[0]
        for index in (int(n) for n in re.findall(r"§(\d+)", main)):
            phrase = self.phrases[index]
            chatty = _CHAT_ATTRIBUTES.fullmatch(phrase.attribute.lower())
            if phrase.attribute and frame.wh in _ASKING and not chatty:
                self.used.add(index)
                yield Ask("", phrase.owner or self.persona, text=phrase.attribute)
                return

    def _identity(self, frame: Frame) -> Iterator[Ask]:
        """As in "Who is your sister?", "Is Monica your sister?", "Is your sister Monica?"."""
        asked = re.fullmatch(r"be (?:called )?(?:like )?(§\d+)(?: called)?", frame.predicate)
        named = re.fullmatch(r"(?:name|call|named|called) (§\d+)", frame.predicate)
        trails = frame.wh in {"who", "what"} and re.match(rf"be(?={_TRAILS})", frame.predicate)
        if (trails or frame.predicate in {"be", "be called", "be named"}) and len(frame.subjects) == 1:
            yield from self._who_is(frame, frame.subjects[0])
        elif asked and frame.subjects:
            yield from self._is_it(frame, int(asked[1][1:]))
        elif named and frame.wh == "what":
            yield from self._who_is(frame, int(named[1][1:]))
        elif asked and frame.wh in {"who", "what", "when"} and self.phrases[int(asked[1][1:])].steps:
            yield from self._who_is(frame, int(asked[1][1:]))

    def _who_is(self, frame: Frame, index: int) -> Iterator[Ask]:
        phrase = self.phrases[index]
        if phrase.steps and phrase.steps[-1].subject and phrase.broken in {None, phrase.steps[-1]}:
            step = phrase.steps[-1]
            literal = relations()[step.noun.relation].literal or frame.predicate in {"be called", "be named"}
            if frame.wh in {"who", "what", "whom", "which"} or (frame.wh and literal and frame.wh != "how"):
                self.used.add(index)
                yield self._ask(step, None, "wh", frame)
            elif not frame.wh and phrase.apposed and frame.question:
                self.used.add(index)
                yield self._ask(step, phrase.apposed, "polar", frame)
        elif frame.wh == "who" and phrase.nodes == (self.persona,) and not phrase.steps:
            yield Ask("full_name", self.persona, text=frame.text)
        elif frame.wh == "what" and not phrase.steps and frame.noun in {"name", "names"}:
            yield Ask("full_name", phrase.nodes[0], text=frame.text)

    def _is_it(self, frame: Frame, index: int) -> Iterator[Ask]:
        """The subject is said to be the phrase: "is Monica your sister", "are you Monica's brother"."""
        phrase = self.phrases[index]
        subjects = tuple(dict.fromkeys(n for i in frame.subjects for n in self._denoted(i)))  # strangers too
        if not phrase.steps or not phrase.steps[-1].subject or not subjects:
            first = self.phrases[frame.subjects[0]]
            if first.steps and phrase.nodes and not phrase.steps and frame.wh == "":  # "is your sister Monica"
                self.used.add(frame.subjects[0])
                yield self._ask(first.steps[-1], phrase.nodes[0], self._form(frame), frame)
            return
        self.used.add(index)
        form = "presupposed" if frame.wh and frame.wh != "who" else self._form(frame)
        for subject in subjects:
            yield self._ask(phrase.steps[-1], subject, form, frame)

    def _stranger(self, frame: Frame) -> Iterator[Ask]:
        """As in "Is Emma your daughter?" of a name that the graph doesn't have (yet)."""
        asked = re.fullmatch(r"be (§\d+)", frame.predicate)
        if frame.stranger and asked and self.phrases[int(asked[1][1:])].steps:
            index = int(asked[1][1:])
            self.used.add(index)
            yield self._ask(self.phrases[index].steps[-1], frame.stranger, "polar", frame)

    def _possession(self, frame: Frame) -> Iterator[Ask]:
        """As in "Do you have any kids?", "how many sisters does Joey have", "do you have a sister named Monica"."""
        subjects = self._subjects(frame)
        counted = noun_readings(frame.noun) if frame.noun else ()
        if (
            counted
            and subjects
            and frame.wh == "whose"
            and frame.predicate in {"be", ""}
            and (inverse := relations()[counted[0].relation].inverse)
        ):
            yield Ask(inverse, subjects[0], ever=frame.past, text=frame.text)
            return
        if counted and subjects and frame.predicate in {"have", "be", ""}:
            count = "count" if frame.wh == "how many" else "object"
            yield self._ask(Step(subjects[0], counted[0]), None, "wh", frame, asked=count)
            return
        found = owned(frame.predicate)
        if found is None or not (subjects or frame.wh in {"who"}):
            return
        readings = noun_readings(found[0])
        form = "presupposed" if frame.wh and subjects else self._form(frame)
        if subjects:
            steps = [Step(s, readings[0]) for s in subjects]
            yield from (self._ask(s, self._object(found[1]), form, frame, asked=_slot(frame)) for s in steps)

    def _role(self, frame: Frame) -> Iterator[Ask]:
        """As in "Are you a mother?", "are Ross and Monica siblings?"."""
        subjects = self._subjects(frame)
        match = re.fullmatch(
            r"be (?:an? |the |good |best |close )*(?P<noun>[\w-]+(?: [\w-]+)*?)(?: (?:with|to|of) (?P<o>§\d+))?",
            frame.predicate,
        )
        if match is None or not subjects or frame.wh:
            return
        other = self._object(match["o"]) if match["o"] else (subjects[1] if len(subjects) > 1 else None)
        agent = agent_lexicon().get(match["noun"])
        nouns = [n for n in noun_readings(match["noun"]) if relations()[n.relation].symmetric]
        if match["noun"] in {"brother and sister", "sister and brother"}:
            nouns = [Noun("sibling")]
        if nouns and other is not None:
            yield self._ask(
                Step(subjects[0], Noun(nouns[0].relation, former=nouns[0].former)), other, self._form(frame), frame
            )
        elif agent is not None and len(subjects) == 1:
            yield self._ask(Step(subjects[0], agent), other, self._form(frame), frame)

    def _verb(self, frame: Frame) -> Iterator[Ask]:
        """Predicates of the table: "married to Monica", "live", "broke up with Rachel"."""
        subjects = self._subjects(frame)
        found = self._hits(frame.predicate)
        if frame.subjects and not subjects:
            return  # "where does your husband work?" of somebody who has none: what is taken for granted answers
        hit = self._fitting(frame, found)
        if hit is None:
            return
        named = "" if hit.object in _ANYTHING else hit.object
        object_ = self._object(named) if named else None
        if named and object_ is None:
            return
        if len(subjects) > 1 and object_ is None and self._mutual(hit):
            subjects, object_ = subjects[:1], subjects[1]
        if not subjects:
            yield from self._subject_asked(frame, hit, object_)
            return
        form, slot = self._form(frame), "object"
        if frame.wh:
            takes = hit.gap and (frame.wh in hit.cue.wh or (hit.cue.event and frame.wh in {"who", "whom"}))
            form, slot = ("wh", "object") if takes else ("presupposed", _slot(frame))
        for subject in subjects:
            yield self._cued(hit, subject, object_, frame, form=form, slot=slot)

    def _hits(self, predicate: str) -> tuple[Hit, ...]:
        """Cues that match; of two, the one whose range fits the object better ("go to London" is no school)."""
        begun = re.sub(r"^(?:(?:start|started|begin|began|stop|stopped|keep) )?(?=\w+ing\b)", "be ", predicate)
        plain = re.sub(r"^(?:end|ended) up (\w+ing)\b", lambda m: lemma(m[1]), predicate)
        found = hits(predicate) or hits(predicate.removeprefix("have ")) or hits(begun) or hits(plain)
        return tuple(sorted(found, key=lambda h: (h.gap, self._misfit(h))))

    def _misfit(self, hit: Hit) -> int:
        node = self.graph.nodes.get(self._object(hit.object) or "") if hit.object else None
        if node is None or hit.cue.event:
            return 0
        types = relations()[hit.cue.name].range
        return types.index(node.type) if node.type in types else len(types) + ("text" not in types)

    def _fitting(self, frame: Frame, found: Sequence[Hit]) -> Hit | None:
        """The hit that fits the question word: "where do you work" is no colleague."""
        if not frame.wh or not frame.subjects:
            usable = [h for h in found if not h.gap or not frame.subjects or h.cue.name not in _NEEDS_OBJECT]
            return usable[0] if usable else None
        for hit in found:
            if hit.gap and frame.wh in hit.cue.wh:
                return hit
        for hit in found:
            if (not hit.gap or hit.cue.event or hit.cue.name in _WHOLE) and frame.wh in {
                *_SLOTS,
                *_LONG_AGO,
                "what",
                "which",
            }:
                return hit
        return None

    def _subject_asked(self, frame: Frame, hit: Hit, object_: str | None) -> Iterator[Ask]:
        """As in "Who is married to Ross?", "Who kissed Rachel?": the subject is asked for."""
        if frame.wh not in {"who", "whom"} or (object_ is None and not hit.cue.event):
            return
        if hit.cue.event:
            yield Ask("event", "", object_, asked="subject", kind=hit.cue.name, text=frame.text)
            return
        inverse = relations()[hit.cue.name].inverse
        if inverse and object_ is not None:
            yield Ask(inverse, object_, past=hit.cue.former or frame.past, ever=frame.did, text=frame.text)
        else:
            yield Ask(hit.cue.name, "", object_, asked="subject", past=hit.cue.former, ever=frame.did, text=frame.text)

    def _about(self, frame: Frame) -> Iterator[Ask]:
        """As in "Who is Monica?", "tell me about your job", "do you know Janice", "what happened to Marcel"."""
        body = frame.predicate
        fate = _FATE.fullmatch(body)
        if fate is not None and frame.wh == "what" and not self._lasting(int(fate[1][1:])):
            self.used.add(int(fate[1][1:]))
            yield from (
                Ask("fate", n, text=frame.text) for n in self._denoted(int(fate[1][1:]))[:1] if n in self.graph.nodes
            )
            return
        if frame.wh in {"who", "what"} and body == "be" and len(frame.subjects) == 1:
            index = frame.subjects[0]
        else:
            match = _ABOUT.fullmatch(body)
            if (
                match is None
                or frame.wh
                or (match[2] and frame.subjects)
                or (frame.subjects and self._subjects(frame) != (self.persona,))
            ):
                return
            if match[2] and not frame.question and not self.phrases[int(match[2][1:])].steps:
                return  # a bare name is an address, no question
            index = int((match[1] or match[2])[1:])
        phrase = self.phrases[index]
        if phrase.steps and phrase.steps[-1].subject:
            self.used.add(index)
            yield self._ask(phrase.steps[-1], phrase.apposed, "wh" if not phrase.apposed else "presupposed", frame)
        elif phrase.nodes and phrase.nodes[0] != self.persona:
            yield Ask("about", phrase.nodes[0], text=frame.text)

    def _lasting(self, index: int) -> bool:
        """Does the phrase name what lies between two ("your marriage with Carol"), not somebody?"""
        phrase = self.phrases[index]
        return bool(phrase.steps and phrase.apposed and _state(phrase.steps[-1].noun))

    # --- what a clause takes for granted, and what nothing covers

    def taken_for_granted(self, frame: Frame) -> Iterator[Ask]:
        """As in "How is your husband Chandler?": that he is her husband. To be called after `read`."""
        for index in frame.phrases:
            phrase = self.phrases[index]
            step = phrase.broken or (phrase.steps[-1] if phrase.steps else None)
            silent = step is None or not step.subject or step.noun.relation in _ATTRIBUTES
            if index not in self.used and step is not None and not silent:
                yield self._ask(step, phrase.apposed if step is phrase.steps[-1] else None, "presupposed", frame)

    def _uncovered(self, frame: Frame) -> Iterator[Ask]:
        """A question about the show which no relation covers; nothing for small talk."""
        if not frame.question:
            return
        named = [n for i in frame.phrases for n in self.phrases[i].nodes if n in self.graph.nodes and n != self.persona]
        people = [n for i in frame.phrases for n in self.phrases[i].nodes]
        stranger = next((n for n in people if n not in self.graph.nodes and n[:1].isupper()), "")
        body = frame.predicate
        opinion = re.match(r"(?:think|feel|say|do|be doing|like|about|be up|want|mean)\b|be$|be like", body)
        if (stranger and frame.wh != "how") or frame.wh in {"how tall", "how much"}:
            yield Ask("", "", text=stranger)
        elif frame.wh in _ASKING and named and not opinion and frame.wh != "where":
            yield Ask("", named[0], text=frame.text)
        elif frame.wh in _ASKING and not _CHAT.fullmatch(body) and (frame.did or frame.wh not in {"what", "where"}):
            yield Ask("", self.persona, text=frame.text)

    # --- making asks

    def _form(self, frame: Frame) -> str:
        if frame.wh:
            return "wh"
        return "polar" if frame.question else "presupposed"

    def _ask(self, step: Step, object_: str | None, form: str, frame: Frame, *, asked: str = "object") -> Ask:
        noun = step.noun
        return Ask(
            noun.relation,
            step.subject,
            object_,
            gender=noun.gender,
            form=form,
            asked=asked,
            past=noun.former or (frame.past and not noun.ever and object_ is None and form == "wh" and _state(noun)),
            ever=noun.ever or frame.did or frame.past,
            kind=noun.text if noun.text in PARTS_OF_NAMES or _narrows(noun) else "",
            order=noun.order,
            text=frame.text,
        )

    def _cued(self, hit: Hit, subject: str, object_: str | None, frame: Frame, *, form: str, slot: str) -> Ask:
        form = "wh" if hit.cue.denies and form == "polar" else form  # "are you single?" wants no yes or no of "married"
        if hit.cue.event:
            return Ask("event", subject, object_, form=form, asked=slot, kind=hit.cue.name, ever=True, text=frame.text)
        return Ask(
            hit.cue.name,
            subject,
            object_,
            form=form,
            asked=slot,
            kind=DENIES if hit.cue.denies else OPINION if frame.opinion else "",
            past=hit.cue.former or (frame.before and hit.cue.name in _STATES),
            ever=(frame.did and frame.wh != "how long") or frame.past,  # "how long have you been" is about now
            text=frame.text,
        )

    def _mutual(self, hit: Hit) -> bool:
        table = relations()
        return table.events[hit.cue.name].mutual if hit.cue.event else table[hit.cue.name].symmetric


def _narrows(noun: Noun) -> bool:
    """Does the noun say what the object is ("dog" of a pet)?"""
    by = relations()[noun.relation].narrowed_by
    return bool(by) and noun.text.removesuffix("s") in relations()[by].words


_TRAILS = r",|\s(?:at|in|on|from|with|right|the one|that|who)\b"  # what may follow "your boss", and tells which
_SUBORDINATE = re.compile(
    r"(?<=\S)\s+(?:that|when|because|after|before|since|while|if|though)\s+(?=§\d|(?:he|she|it|they)\b)"
)
_UNREAL = frozenset({"would", "could", "should", "might"})
_ATTRIBUTES = frozenset({"age", "birthday", "full_name", "nickname"})  # taken for granted of everybody


def _state(noun: Noun) -> bool:
    return noun.relation in _STATES


_STATES = frozenset({"spouse", "dating", "engaged_to", "roommate"})
_NEEDS_OBJECT = frozenset(
    {"age", "likes", "dislikes", "owns", "job", "works_at", "lives_in", "studied_at", "origin", "full_name"}
)
_WHOLE = frozenset(
    {"spouse", "engaged_to", "dating"}
)  # whole without an object: "when did you marry?"; events are, too


def _slot(frame: Frame) -> str:
    return {**_SLOTS, **_LONG_AGO}.get(frame.wh, "object")
