"""The errors a person can mend: each message names what was found, what was expected and what to do.

Everything below `CanonError` is shown by the command line as one line without a traceback (exit code 2),
and by the service as one JSON error with `status`. Anything else is a defect of ours.
"""


class CanonError(Exception):
    """Base of all errors whose message is meant for the person who typed the input."""

    status = 400  # HTTP status under which the service reports it


class NotFound(CanonError):  # noqa: N818
    """A show, persona, file or model that was named and isn't there."""

    status = 404


class BadInput(CanonError):  # noqa: N818
    """A value that was understood but can't be accepted: an episode, a message, an option."""


class BadFile(CanonError):  # noqa: N818
    """A file that is there but broken: a wrong checksum, a schema that doesn't fit, a truncated archive."""


class BadManifest(BadFile):
    """A `show.toml` that can't be used."""


class Unavailable(CanonError):  # noqa: N818
    """Something the answer needs can't be reached just now (an engine, a mirror)."""

    status = 503
