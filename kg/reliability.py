"""How often each rule is right, as labelled facts say (evaluation/labels/facts_friends.csv), and how sure is enough."""

RELIABILITY = {
    "possessive": 0.9,
    "apposition": 0.85,
    "name_of": 0.9,
    "having": 0.9,
    "copula": 0.85,
    "couple": 0.85,
    "partner": 0.9,
    "courting": 0.8,
    "going_out": 0.75,
    "together": 0.8,
    "living": 0.85,
    "working": 0.85,
    "job": 0.85,
    "job_asked": 0.5,
    "job_praised": 0.5,
    "origin": 0.85,
    "age": 0.75,
    "birthday": 0.9,
    "allergy": 0.9,
    "schooling": 0.75,
    "none": 0.75,
    "heading": 0.45,
    "address": 0.4,
    "address_surname": 0.82,
    "kissing": 0.3,
    "vow": 0.95,
    "pet": 0.85,
    "owning": 0.8,
    "taste": 0.8,
    "liking": 0.55,
    "fear": 0.8,
    "skill": 0.8,
    "nickname": 0.8,
    "naming": 0.9,
    "titled": 0.92,
    "family": 0.9,
    "pooled": 0.9,
    "pooled_half": 0.45,
    "nearby": 0.82,
    "married": 0.92,
    "at_work": 0.92,
    "premise": 0.0,
    "home": 0.9,
    "journey": 0.8,
    "heading_place": 0.9,
    "my_own": 0.55,
    "occupied": 0.85,
    "listed": 0.97,  # from here on Russian (kg/russian): the list of persons, and what follows from it
    "patronymic": 0.85,
    "other_parent": 0.75,
    "listed_couple": 0.75,
    "kin_address": 0.5,
    "kin_address_weak": 0.25,
    "kin_named": 0.85,
    "kin_told": 0.85,
}
PREMISE = "premise"  # a line that a derived fact rests on, which doesn't say it by itself
PERSONA_JOB = 0.62  # the main characters joke and pretend: their jobs count by episode
PENALTY = {"": 1.0, "you": 0.8, "pronoun": 0.6}
THRESHOLD = 0.8
SHORT_THRESHOLD = 0.6  # of a short series, in which there is no second mention to wait for


def reliability(rule: str) -> float:
    """How often a rule is right: `"copula+you"` is the rule's value times the resolution's."""
    name, _, how = rule.partition("+")
    return RELIABILITY[name] * PENALTY[how]
