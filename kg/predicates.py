"""Predicates of the relations table in a clause: "married to Monica", "live", "broke up with Rachel"."""

import re
from collections.abc import Iterator, Sequence

from kg.clauses import DENIES, OPINION, SLOTS, STATES, Clauses, slot_asked
from kg.cues import Hit, hits
from kg.english import lemma
from kg.frames import Frame
from kg.relations import relations
from kg.types import Ask

_ANYTHING = frozenset({"anything", "anyone", "anybody", "something", "someone", "somebody", "anywhere", "somewhere"})
_NEEDS_OBJECT = frozenset(
    {"age", "likes", "dislikes", "owns", "job", "works_at", "lives_in", "studied_at", "origin", "full_name"}
)
_WHOLE = frozenset(
    {"spouse", "engaged_to", "dating"}
)  # whole without an object: "when did you marry?"; events are, too


class Predicates(Clauses):
    """Reads the verbs of a clause."""

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
            form, slot = ("wh", "object") if takes else ("presupposed", slot_asked(frame))
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
                *SLOTS,
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

    def _cued(self, hit: Hit, subject: str, object_: str | None, frame: Frame, *, form: str, slot: str) -> Ask:
        form = "wh" if hit.cue.denies and form == "polar" else form  # "are you single?" wants no yes or no of "married"
        earlier = self._earlier(frame) if object_ is None else ""
        if hit.cue.event:
            return Ask("event", subject, object_, form=form, asked=slot, kind=hit.cue.name, ever=True, text=frame.text)
        return Ask(
            hit.cue.name,
            subject,
            object_,
            form=form,
            asked=slot,
            kind=DENIES if hit.cue.denies else OPINION if frame.opinion else earlier,
            past=hit.cue.former or bool(earlier) or (frame.before and hit.cue.name in STATES),
            ever=(frame.did and frame.wh != "how long") or frame.past,  # "how long have you been" is about now
            text=frame.text,
        )

    def _mutual(self, hit: Hit) -> bool:
        table = relations()
        return table.events[hit.cue.name].mutual if hit.cue.event else table[hit.cue.name].symmetric
