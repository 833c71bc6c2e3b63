"""Season and episode out of the paths of files."""

from collections.abc import Sequence

from parsing.episodes import code
from parsing.readers.options import pattern as compiled

_BEFORE, _AFTER = r"(?<![\d])", r"(?![\d])"
PATTERNS = (  # searched in the path, without regard to case; the first that fits every file and names no episode twice
    r"s(?:eason|aison|taffel|eries)?[ ._-]{0,2}(?P<season>\d{1,2})[ ._/-]{0,4}"
    r"e(?:p(?:isode)?)?[ ._-]{0,2}(?P<number>\d{1,2})" + _AFTER,
    _BEFORE + r"(?P<season>\d{1,2})x(?P<number>\d{2})" + _AFTER,
    r"season[ ._-]?(?P<season>\d{1,2})\D.*?(?:episode|ep|e)[ ._-]?(?P<number>\d{1,2})" + _AFTER,
    r"сезон[ ._-]?(?P<season>\d{1,2})\D.*?(?:серия|эпизод)[ ._-]?(?P<number>\d{1,2})" + _AFTER,
    _BEFORE + r"(?P<season>\d{1,2})[ ._-]?сезон\D*(?P<number>\d{1,2})" + _AFTER,
    r"(?:season|s|сезон)[ ._-]?(?P<season>\d{1,2})/[^/]*?" + _BEFORE + r"(?P<number>\d{1,2})" + _AFTER + r"[^/]*$",
    _BEFORE + r"(?P<season>\d{1,2})[._-](?P<number>\d{1,2})" + _AFTER,
    _BEFORE + r"(?P<season>\d{2})(?P<number>\d{2})" + _AFTER,
    _BEFORE + r"(?P<season>[1-9])(?P<number>\d{2})" + _AFTER,
    r"(?:episode|ep|e|серия|эпизод)[ ._-]?(?P<number>\d{1,2})" + _AFTER,
    _BEFORE + r"(?P<number>\d{1,2})" + _AFTER + r"[^/]*$",
)


def episode_pattern(paths: Sequence[str]) -> str:
    """The pattern by which every path tells its own episode; "" where none does."""
    for text in PATTERNS:
        codes = [told(path, text) for path in paths]
        if all(codes) and len(set(codes)) == len(codes):
            return text
    return ""


def told(path: str, pattern: str) -> str:
    """The episode that a path tells by this pattern, or ""."""
    match = compiled(pattern, path, "episode").search(path)
    if match is None:
        return ""
    season, number = int(match.groupdict().get("season") or 1), int(match["number"])
    return code(season, number) if season and number else ""


def seasons_of(codes: Sequence[str]) -> list[int]:
    """How many episodes each season has at least, up to the last that is named."""
    last: dict[int, int] = {}
    for episode in codes:
        season, number = int(episode[1:3]), int(episode[4:6])
        last[season] = max(last.get(season, 1), number)
    return [last.get(season, 1) for season in range(1, max(last, default=1) + 1)]
