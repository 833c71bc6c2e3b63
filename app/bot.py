"""One grounded reply: history → link → understand → retrieve → prompt → candidates → claims → choose or repair.

The service, the script and the evaluation all go through `Bot.reply`. The time-lock is no rule that a message could
talk away: each step after `Stage.scene` has only the graph stripped to the episode and to what the persona knows.
"""

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.disguise import unmasked
from app.engines import Candidate, Engine, EngineRequest, Settings
from app.judging import Judged, Talk, choose, judge, rescored, tidy
from app.plan import Plan
from app.prompting import Prompt, Prompter, sayable
from app.smalltalk import act_of
from app.stage import Scene, Stage
from app.steps import read
from app.topics import checked
from app.types import ChatRequest, Reply, ReplyVerdict, Step, Turn, Usage, Way
from app.voices import Voice, pick, unsaid
from app.voicing import CANDIDATES as CANDIDATES_SAYING
from app.voicing import LONGEST, judge_said, settings_for
from app.wording import statement, worded
from kg.languages import RUSSIAN
from kg.types import Claim, Fact
from parsing.errors import BadInput, NotFound
from parsing.manifest import CastMember, Show, nearest

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["Bot", "ChatRequest", "Reply", "Turn"]

CANDIDATES = 8
RELEVANCE = 1.0  # weight of what a candidate's likelihood gains by the message
ANYTHING = "Hey."  # a message that asks for nothing in particular
_VERDICTS: Mapping[str, ReplyVerdict] = {
    "fact": "grounded", "deny": "grounded", "recall": "grounded", "correct": "corrected"
}  # fmt: skip


class Bot:
    """Answers as the personas of some shows, through one engine."""

    def __init__(
        self,
        shows: Sequence[Show],
        engine: Engine,
        candidates: int = CANDIDATES,
        settings: Settings | None = None,
        graphs: "Mapping[str, Graph] | None" = None,
    ) -> None:
        """`graphs` (by show id) replaces what lies on disk."""
        self.shows = {show.id: show for show in shows}
        self.engine = engine
        self.candidates = candidates
        self.settings = settings or engine.settings
        self.says: bool = getattr(engine, "says", True)
        given = graphs or {}
        self._stages = {
            show.id: Stage(show, {True: given[show.id], False: given[show.id]} if show.id in given else None)
            for show in shows
        }

    def show(self, show_id: str) -> Show:
        """The show called `show_id`. Raises `NotFound`."""
        if show_id not in self.shows:
            raise NotFound(f"no show '{show_id[:60]}' here{nearest(show_id, self.shows)}; {', '.join(self.shows)}")
        return self.shows[show_id]

    def graph(self, request: ChatRequest) -> "Graph":
        """The graph as the request's persona may see it: for `Reply.to_json` and for drawing."""
        return self._scene(request)[0].graph

    def warm(self) -> None:
        """Load graphs and model, so that the first reply is as quick as the others. Blocks: run it off the loop."""
        for stage in self._stages.values():
            for member in stage.show.personas[:1]:
                scene = stage.scene(stage.show.last_episode, stage.node(member))
                if stage.show.language != RUSSIAN:
                    scene.notes.warm()
        getattr(self.engine, "warm", lambda: None)()

    async def reply(self, request: ChatRequest) -> Reply:
        """One reply. Raises `BadInput`, `NotFound` or `Unavailable`; cancelling it stops the engine.

        Without a seed the same conversation gives the same reply; pass another one to hear another.
        """
        started = time.perf_counter()
        message = unmasked(checked(request.message))
        member = self.show(request.show).persona(request.persona)
        answer = _Answer(self, request, message, member)
        reply = await (answer.grounded() if request.use_graph else answer.ungrounded())
        return Reply(**{**vars(reply), "seconds": time.perf_counter() - started})

    def _scene(self, request: ChatRequest) -> tuple[Scene, str]:
        """The stripped graph with its readers, and the persona's node."""
        show = self.show(request.show)
        if request.knows not in {"character", "viewer"}:
            raise BadInput(f"'knows' is 'character' or 'viewer', not '{str(request.knows)[:40]}'")
        stage = self._stages[show.id]
        speaker = stage.node(show.persona(request.persona), request.curated)
        knower = speaker if request.knows == "character" else None
        scene = stage.scene(show.as_of(request.as_of), knower, request.curated)
        if speaker not in scene.graph.nodes:
            raise BadInput(f"nobody has met {show.persona(request.persona).name} as of {scene.as_of}: watch on")
        return scene, speaker

    def _voice(self, request: ChatRequest, member: CastMember) -> Voice:
        return self._stages[request.show].voices[member.slug]


class _Answer:
    """The making of one reply; its steps leave their traces in `steps`."""

    def __init__(self, bot: Bot, request: ChatRequest, message: str, member: CastMember) -> None:
        self.bot, self.request, self.message, self.member = bot, request, message, member
        self.show = bot.show(request.show)
        self.seed = request.seed if request.seed is not None else _seed(member.slug, message, request.history)
        self.settings = bot.settings.changed(
            temperature=request.temperature, top_p=request.top_p, max_tokens=request.max_tokens
        )
        self.prompter = Prompter(self.show, member, bot.engine, self.settings)
        self.steps: list[Step] = []
        self.usage = Usage()
        self._clock = time.perf_counter()

    async def grounded(self) -> Reply:
        """The whole road."""
        scene, speaker = await asyncio.to_thread(self.bot._scene, self.request)
        voice = self.bot._voice(self.request, self.member)
        said = tuple(turn.content for turn in self.request.history if turn.role == "assistant")
        self._step("scene", as_of=scene.as_of, knows=self.request.knows, facts=len(scene.graph.stored))
        if self.show.language == RUSSIAN:
            return await asyncio.to_thread(self._in_russian, scene, speaker, voice)
        history = sayable(self.request.history, scene.names)
        plan = await asyncio.to_thread(read, self.message, history, scene, speaker)
        self._step("understand", **_plan_json(plan, scene.graph, history, self.request.history))
        if plan.text:
            return self._done(plan.text, "chat", "chat")
        if plan.beside is not None:
            return self._beside(plan, plan.beside, voice, said, scene.graph, speaker)
        match plan.route:
            case "puzzled" | "real_world" | "abstain":
                kind = {"puzzled": voice.puzzled, "real_world": voice.real_world, "abstain": voice.abstain}
                return self._done(pick(kind[plan.route], self.seed, said), "abstained", "abstention")
        by_user = (self.message, *(turn.content for turn in self.request.history if turn.role == "user"))
        asks = tuple(part.ask for part in plan.parts)
        talk = Talk(scene, speaker, self.message, by_user, said, asks, plan.expected)
        loose = plan.route == "fact" and not plan.expected.groups  # no names to hold a candidate's own words to
        if plan.route in {"correct", "deny", "recall"} or (loose and self.bot.says):
            return await self._told(plan, talk, voice, history)
        return await self._by_model(plan, talk, voice, history)

    async def _told(self, plan: Plan, talk: Talk, voice: Voice, history: Sequence[Turn]) -> Reply:
        """What the graph words, said by the model in the persona's manner; by the table where it can't."""
        graph, verdict = talk.scene.graph, _VERDICTS[plan.route]
        say = statement(plan, graph, talk.speaker, self.seed) if self.bot.says else ""
        size = await asyncio.to_thread(self.bot.engine.count, say) if say else 0  # the first count loads the model
        if say and size <= LONGEST:
            facts = [f for f in plan.facts if f.relation != "note"]
            settings = settings_for(self.settings, size)
            prompt = await asyncio.to_thread(self._prompt, talk, facts, history, say, settings.max_tokens)
            n = min(CANDIDATES_SAYING, self._n)
            candidates = await self._sample(prompt, self.seed, settings, n, say) if prompt.fits else []
            judged = await asyncio.to_thread(lambda: [judge_said(c, talk, say) for c in candidates])
            best = next((j for j in judged if not j.problems), None)  # all say the same: the first is as good as any
            self._step("judge", chosen=best.text if best else None, candidates=[j.to_json() for j in judged])
            if best is not None:
                return self._done(best.text, verdict, "voiced", plan.facts, _stated(plan, graph))
        text = worded(plan, voice, graph, talk.speaker, self.seed, said=talk.said)
        return self._done(text, verdict, "worded", plan.facts, _stated(plan, graph))

    def _beside(self, plan: Plan, note: Fact, voice: Voice, said: Sequence[str], graph: "Graph", speaker: str) -> Reply:
        """No answer, but what the persona does remember of the matter."""
        from kg.wording import sentence

        abstains = plan.route == "abstain"
        lines = [voice.unsure] if plan.close else [voice.abstain, voice.though]
        opener = [pick(kind, self.seed, said) for kind in (lines if abstains else [voice.memory])]
        text = " ".join([*opener, sentence(graph, note, speaker)])
        way: Way = "abstention" if abstains else "worded"
        claim = Claim(graph.name(note.subject), note.relation, note.object, "supported", True, (note,))
        verdict: ReplyVerdict = "corrected" if plan.corrects else "abstained" if abstains else "grounded"
        return self._done(text, verdict, way, (note,), (claim,))

    def _in_russian(self, scene: Scene, speaker: str, voice: Voice) -> Reply:
        """A show in Russian: worded from the graph; no model of ours writes Russian."""
        from app.russian import reply

        said = reply(self.message, self.request.history, scene, speaker, voice, self.seed)
        if said.reading is not None:
            asks = [(a.relation, scene.graph.name(a.subject), a.form) for a in said.reading.asks]
            self._step("understand", asks=asks, answers=[a.status for a in said.reading.answers])
        return self._done(said.text, said.verdict, said.way, said.facts, said.claims)

    async def ungrounded(self) -> Reply:
        """The model alone: nothing retrieved, nothing checked, the likeliest candidate that says anything."""
        if self.show.language == RUSSIAN and self.bot.engine.name == "local":
            raise BadInput(
                f"the bundled model writes no Russian: ask {self.show.title} with its graph, or name a server"
            )
        prompt = await asyncio.to_thread(self.prompter.fitted, self.message, [], self.request.history)
        found = await self._sample(prompt, self.seed)
        texts = [(c.logprob if c.logprob is not None else 0.0, tidy(c)) for c in found]
        best = max((pair for pair in texts if pair[1]), default=(0.0, "…"), key=lambda pair: pair[0])
        self._step("choose", candidates=[text for _, text in texts])
        return self._done(best[1], "chat", "model")

    async def _by_model(self, plan: Plan, talk: Talk, voice: Voice, history: Sequence[Turn]) -> Reply:
        """Sample, judge and choose; where nothing can be said, the model is given the sentence that the graph words."""
        asked = plan.route == "fact"
        act = "" if asked else "opinion" if plan.taste else act_of(self.message)
        brief = getattr(self.bot.engine, "brief", False)
        if brief and (lines := unsaid(voice.says.get(act, ()), talk.said)):
            self._step("small talk", act=act)
            lines = (unsaid(voice.fond, talk.said) or lines) if plan.fond else lines
            return self._small_talk(pick(lines, self.seed, talk.said), plan, talk)
        facts = [r.fact for r in plan.retrieved]
        prompt = await asyncio.to_thread(self._prompt, talk, facts, history)
        candidates = await self._sample(prompt, self.seed)
        judged = await asyncio.to_thread(_judge_all, candidates, talk)
        if not asked:
            judged = await self._by_relevance(judged)
        best = choose(judged)
        self._step("judge", chosen=best.text if best else None, candidates=[j.to_json() for j in judged])
        if best is not None:
            return self._of_model(best, plan, "model" if asked else "chat")
        if asked:
            return await self._told(plan, talk, voice, history)
        return self._done(pick(voice.chat, self.seed, talk.said), "chat", "chat")

    def _small_talk(self, line: str, plan: Plan, talk: Talk) -> Reply:
        """A written line; an opinion of somebody begins with who that is."""
        from kg.wording import sentence

        told = [sentence(talk.scene.graph, f, talk.speaker, self.seed) for f in plan.lead]
        text = " ".join([*dict.fromkeys(told), line])
        return self._done(text, "grounded" if told else "chat", "phrase", plan.lead)

    async def _by_relevance(self, judged: list[Judged]) -> list[Judged]:
        """Small talk: "I don't know, okay?" is likely after anything; better what this message makes likelier."""
        sound = [j for j in judged if not j.problems and j.candidate.logprob is not None]
        if len(sound) < 2:
            return judged
        bare = await asyncio.to_thread(self.prompter.fitted, ANYTHING, [], ())
        model = f"{self.show.id}/{self.member.slug}"
        likely = await self.bot.engine.weigh(model, bare.messages, [j.text for j in sound])
        gain = {id(j): RELEVANCE * ((j.candidate.logprob or 0.0) - w) for j, w in zip(sound, likely, strict=False)}
        return [rescored(j, gain.get(id(j), 0.0)) for j in judged]

    def _of_model(self, best: Judged, plan: Plan, way: Way) -> Reply:
        shown = plan.facts or tuple(
            {f.id: f for c in best.claims if c.verdict == "supported" for f in c.facts}.values()
        )
        return self._done(best.text, "grounded" if shown else "chat", way, shown, best.claims)

    def _prompt(
        self, talk: Talk, facts: Sequence[Fact], history: Sequence[Turn], say: str = "", room: int | None = None
    ) -> Prompt:
        prompt = self.prompter.build(talk, facts, history, say, room)
        self._step(
            "prompt",
            facts=list(prompt.facts),
            say=say,
            dropped={"facts": prompt.facts_dropped, "turns": prompt.turns_dropped},
        )
        return prompt

    @property
    def _n(self) -> int:
        return self.request.candidates or self.bot.candidates

    async def _sample(
        self, prompt: Prompt, seed: int, settings: Settings | None = None, n: int | None = None, carry: str = ""
    ) -> list[Candidate]:
        model = f"{self.show.id}/{self.member.slug}"
        request = EngineRequest(model, prompt.messages, n or self._n, settings or self.settings, seed, carry)
        found = await self.bot.engine.generate(request)
        self.usage = Usage(
            self.usage.prompt_tokens + (found[0].prompt_tokens if found else 0),
            self.usage.completion_tokens + sum(candidate.tokens for candidate in found),
        )
        self._step("generate", engine=self.bot.engine.name, model=model, n=len(found), seed=seed)
        return found

    def _step(self, name: str, **found: Any) -> None:
        now = time.perf_counter()
        self.steps.append(Step(name, now - self._clock, found))
        self._clock = now

    def _done(
        self,
        text: str,
        verdict: ReplyVerdict,
        way: Way,
        facts: Sequence[Fact] = (),
        claims: Sequence[Claim] = (),
    ) -> Reply:
        self._step("reply", way=way, verdict=verdict)
        return Reply(text, verdict, tuple(facts), tuple(claims), way, tuple(self.steps), usage=self.usage)


def _judge_all(candidates: Sequence[Candidate], talk: Talk) -> list[Judged]:
    return [judge(candidate, talk) for candidate in candidates]


def _seed(persona: str, message: str, history: Sequence[Turn]) -> int:
    digest = hashlib.sha256(f"{persona}\x1f{message}\x1f{len(history)}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _stated(plan: Plan, graph: "Graph") -> tuple[Claim, ...]:
    """The claims of a worded reply: it says its facts and nothing else."""
    return tuple(
        Claim(
            graph.name(f.subject), f.relation, f.object if f.literal else graph.name(f.object), "supported",
            f.polarity, (f,),
        )
        for f in plan.facts
    )  # fmt: skip


def _plan_json(plan: Plan, graph: "Graph", history: Sequence[Turn], whole: Sequence[Turn]) -> dict[str, Any]:
    return {
        "route": plan.route,
        "mentions": [{"text": m.text, "entity": graph.name(m.node), "how": m.how} for m in plan.mentions],
        "asks": [
            {
                "relation": p.ask.relation, "subject": graph.name(p.ask.subject), "asked": p.ask.asked,
                "object": None if p.ask.object is None else graph.name(p.ask.object), "form": p.ask.form,
                "status": p.answer.status, "why": p.answer.why,
            }
            for p in plan.parts
        ],
        "retrieved": [
            {
                "subject": graph.name(r.fact.subject), "relation": r.fact.relation, "object": graph.name(r.fact.object),
                "score": round(r.score, 2), "why": r.why,
            }
            for r in plan.retrieved
        ],
        "turns_left_out": len(whole) - len(history),
    }  # fmt: skip
