"""How likely a recalled note answers: which questions it is fitted on, and the fit."""

import numpy as np

from evaluation.calibration import fit
from evaluation.grounding_commands import HALVES, default_questions, development_questions
from parsing.manifest import ROOT, load_show


def test_of_the_sets_that_are_half_unread_only_odd_ids_are_fitted_on() -> None:
    show = load_show("friends")
    ids = [question.id for question in development_questions(show)]
    own = default_questions(show.id, show.folder).read_text(encoding="utf-8").splitlines()
    kept = ids[len(own) :]
    assert len(ids) == len(set(ids))
    assert kept and all(int(i.rsplit("-", 1)[-1]) % 2 == 1 for i in kept)
    whole = sum(
        len((ROOT / "evaluation" / "questions" / f"friends_{name}.jsonl").read_text(encoding="utf-8").splitlines())
        for name in HALVES
    )
    assert len(kept) * 2 == whole


def test_a_show_without_such_sets_is_fitted_on_its_own_questions() -> None:
    assert len(development_questions(load_show("harbor_lights"))) == 80


def test_the_fit_tells_what_makes_a_note_right_from_what_does_not() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(400, 2))
    right = (rng.random(400) < 1 / (1 + np.exp(-3 * features[:, 0]))).astype(float)
    bias, telling, idle = fit(features, right)
    assert telling > 2.0
    assert abs(idle) < 0.5 and abs(bias) < 0.5
