"""Question understanding: what a message asks of the graph, as `Ask`s.

The clauses of the message are brought into one form (`kg.frames`); their predicates and noun phrases are looked up in
the relations table (`kg.cues`, `kg.nouns`). Nothing is returned for small talk; an `Ask` without relation says that
something is asked which no relation covers, so that the persona can say that it doesn't know.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from kg.acquaintance import awareness, ties
from kg.clauses import STATES, slot_asked
from kg.cues import noun_readings, owned
from kg.frames import Frame, frames, subordinate
from kg.graph import Graph
from kg.names import strangers
from kg.nouns import Noun, agent_lexicon
from kg.phrases import Step, read_phrases
from kg.predicates import Predicates
from kg.premises import presumed
from kg.relations import relations
from kg.types import Ask, Mention

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


class Reader(Predicates):
    """Reads one message."""

    def asks(self) -> Iterator[Ask]:
        """What the message asks, clause by clause."""
        for frame in frames(self.message, self.phrases, self.persona):
            found = list(self.read(frame))
            said = {(ask.relation, ask.subject, ask.object) for ask in found}
            taken = [a for a in self.taken_for_granted(frame) if (a.relation, a.subject, a.object) not in said]
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
        if (trails or frame.predicate in {"be", "be called", "be named", "stand for"}) and len(frame.subjects) == 1:
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
            yield from (self._ask(s, self._object(found[1]), form, frame, asked=slot_asked(frame)) for s in steps)

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
        return bool(phrase.steps and phrase.apposed and phrase.steps[-1].noun.relation in STATES)

    # --- what a clause takes for granted, and what nothing covers

    def taken_for_granted(self, frame: Frame) -> Iterator[Ask]:
        """As in "How is your husband Chandler?": that he is her husband. To be called after `read`."""
        yield from presumed(frame, self._denoted, self.persona)
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


_TRAILS = r",|\s(?:before|at|in|on|from|with|right|the one|that|who)\b"  # what may follow "your boss", and tells which
_SUBORDINATE = re.compile(
    r"(?<=\S)\s+(?:that|when|because|after|before|since|while|if|though)\s+(?=§\d|(?:he|she|it|they)\b)"
)
_UNREAL = frozenset({"would", "could", "should", "might"})
_ATTRIBUTES = frozenset({"age", "birthday", "full_name", "nickname"})  # taken for granted of everybody
