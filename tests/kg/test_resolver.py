"""Whom the words of a scene mean, on scenes small enough to read."""

from kg.extract.addressed import addressed, neighbours
from kg.extract.mentions import Names
from kg.extract.resolver import GENERAL, OTHER, Scene, Span, Turn, kin_of, resolve
from kg.extract.salience import Salience
from kg.graph import Graph
from parsing.manifest import Show

ROSS, RACHEL, MONICA, JOEY = "ross_geller", "rachel_green", "monica_geller", "joey_tribbiani"


def meant(nlp, show: Show, lines: list[tuple[str, str]], words: list[tuple[int, str]], graph: Graph | None = None):
    """Whom the first occurrence of each word in its turn means."""
    turns = [Turn((who,), nlp(text)) for who, text in lines]
    spans = [Span(n, t.i, t.i + 1) for n, word in words for t in turns[n].doc if t.text == word]
    found = resolve(Scene(turns, Names(show), "S03E01", graph), spans)
    return [found[s] for s in spans]


def test_i_is_the_speaker_and_you_who_is_called(nlp, show: Show) -> None:
    lines = [(ROSS, "I missed you, Rachel."), (MONICA, "Hello everybody.")]
    assert meant(nlp, show, lines, [(0, "I"), (0, "you")]) == [(ROSS,), (RACHEL,)]


def test_you_is_who_speaks_next_rather_than_who_spoke_before(nlp, show: Show) -> None:
    lines = [(ROSS, "Fine."), (MONICA, "Are you sure?"), (JOEY, "Very sure.")]
    assert meant(nlp, show, lines, [(1, "you")]) == [(JOEY,)]


def test_we_are_the_speaker_and_the_one_spoken_to(nlp, show: Show) -> None:
    lines = [(ROSS, "Can we go?"), (RACHEL, "No.")]
    assert meant(nlp, show, lines, [(0, "we")]) == [(RACHEL, ROSS)]


def test_you_guys_are_all_the_others(nlp, show: Show) -> None:
    lines = [(ROSS, "Hi."), (JOEY, "Hi."), (MONICA, "What do you guys want?"), (ROSS, "Tea.")]
    assert meant(nlp, show, lines, [(2, "you")]) == [(JOEY, ROSS)]


def test_she_and_he_go_by_sex_and_by_who_was_named_last(nlp, show: Show) -> None:
    lines = [(ROSS, "Rachel saw Joey at the shop."), (MONICA, "Did she speak to him?")]
    words = [(0, "Rachel"), (0, "Joey"), (1, "she"), (1, "him")]
    assert meant(nlp, show, lines, words) == [(RACHEL,), (JOEY,), (RACHEL,), (JOEY,)]


def test_she_is_nobody_who_is_there_where_somebody_was_spoken_of(nlp, show: Show) -> None:
    lines = [(ROSS, "Rachel called."), (JOEY, "Why?"), (MONICA, "No idea."), (ROSS, "She sounded tired.")]
    assert meant(nlp, show, lines, [(0, "Rachel"), (3, "She")])[1] == (RACHEL,)


def test_they_are_two_who_were_named_together(nlp, show: Show) -> None:
    lines = [(ROSS, "Monica and Joey left."), (RACHEL, "Where did they go?")]
    words = [(0, "Monica"), (0, "Joey"), (1, "they")]
    assert meant(nlp, show, lines, words)[-1] == (JOEY, MONICA)


def test_nouns_mean_their_subject_the_addressed_or_nobody(nlp, show: Show) -> None:
    lines = [(ROSS, "Joey is a good man."), (RACHEL, "Sure, honey."), (ROSS, "A man needs a plan.")]
    assert meant(nlp, show, lines, [(0, "man"), (1, "honey"), (2, "man")]) == [(JOEY,), (ROSS,), (GENERAL,)]
    assert meant(nlp, show, [(ROSS, "Look at that guy over there.")], [(0, "guy")]) == [(OTHER,)]


def test_kin_goes_through_the_graph(nlp, show: Show, graph: Graph) -> None:
    lines = [(ROSS, "My sister cooks."), (RACHEL, "Your sister is great.")]
    assert meant(nlp, show, lines, [(0, "sister"), (1, "sister")], graph) == [(MONICA,), (MONICA,)]
    assert kin_of(graph, ROSS, "table") == ""
    assert kin_of(graph, "nobody", "sister") == ""


def test_who_is_addressed_by_the_talk_around() -> None:
    talk = [("a",), ("b",), ("a",), ("c",)]
    assert neighbours(talk, 1, "a") == (True, True, False)
    assert addressed(talk, 1, frozenset("abc")) == "a"
    assert addressed([("a",)], 0, frozenset("a")) == ""


def test_you_and_we_go_by_whom_a_turn_is_known_to_be_said_to(nlp, show: Show) -> None:
    turns = [Turn((ROSS,), nlp("Are you coming? We are late."), (MONICA, JOEY)), Turn((RACHEL,), nlp("Me too."))]
    spans = [Span(0, t.i, t.i + 1) for t in turns[0].doc if t.text in {"you", "We"}]
    found = resolve(Scene(turns, Names(show), "S03E01"), spans)
    assert [found[s] for s in spans] == [(MONICA, JOEY), (JOEY, MONICA, ROSS)]


def test_a_noun_called_out_is_who_is_spoken_to_and_a_vague_one_isn_t(nlp, show: Show) -> None:
    lines = [(ROSS, "Thanks, professor."), (RACHEL, "Sure."), (ROSS, "I met a professor.")]
    assert meant(nlp, show, lines, [(0, "professor"), (2, "professor")]) == [(RACHEL,), (GENERAL,)]


def test_a_name_that_the_cast_lacks_is_the_one_here_who_bears_it(nlp, show: Show) -> None:
    lines = [("frank_sanchez", "Hello."), (ROSS, "This is Sanchez."), (MONICA, "Geller!")]
    assert meant(nlp, show, lines, [(1, "Sanchez")]) == [("frank_sanchez",)]


def test_only_somebody_whom_nobody_else_comes_near_is_clear() -> None:
    sex = {RACHEL: "female", MONICA: "female", JOEY: "male"}
    talk = Salience()
    talk.spoken_of(RACHEL)
    talk.spoken_of(JOEY)
    assert talk.clear("female", lambda who: sex[who], ()) == RACHEL
    assert talk.clear("female", lambda who: sex[who], {RACHEL}) == ""
    talk.fade()
    talk.spoken_of(MONICA)
    assert talk.clear("female", lambda who: sex[who], ()) == ""
    assert talk.clear("male", lambda who: sex[who], ()) == JOEY
    for _ in range(3):
        talk.fade()
    assert talk.clear("male", lambda who: sex[who], ()) == ""


def test_a_part_of_a_word_with_an_apostrophe_is_no_name(show: Show) -> None:
    names = Names(show)
    assert names.find("C'Mon! C’Mon!", "S03E01") == []
    assert [who for who, _, _ in names.find("Hey 'Mon', it's Mon's turn.", "S03E01")] == [MONICA, MONICA]
