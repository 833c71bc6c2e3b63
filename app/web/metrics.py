"""What `/metrics` tells Prometheus. No names of people, no text of theirs: counts, seconds, tokens."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0 as CONTENT_TYPE

from app.types import Reply
from app.web.gate import Gate

__all__ = ["CONTENT_TYPE", "Metrics"]

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The counters of one running service, in a registry of their own."""

    def __init__(self, gate: Gate) -> None:
        """`gate` is asked for its lines whenever the numbers are read."""
        self.registry = registry = CollectorRegistry()
        self.replies = Counter(
            "canon_replies_total", "Replies given", ["show", "persona", "verdict", "way"], registry=registry
        )
        self.seconds = Histogram(
            "canon_reply_seconds", "Seconds to a checked reply", registry=registry, buckets=_SECONDS
        )
        self.tokens = Counter(
            "canon_tokens_total", "Tokens read and written by the engine", ["kind"], registry=registry
        )
        self.errors = Counter("canon_errors_total", "Requests answered with an error", ["status"], registry=registry)
        self.cancelled = Counter("canon_cancelled_total", "Replies given up because the client left", registry=registry)
        self.ready = Gauge("canon_ready", "1 when graphs and model are loaded", registry=registry)
        Gauge("canon_running", "Replies being made", registry=registry).set_function(lambda: gate.running)
        Gauge("canon_waiting", "Requests in line", registry=registry).set_function(lambda: gate.waiting)

    def count(self, show: str, persona: str, reply: Reply) -> None:
        """Count one reply."""
        self.replies.labels(show, persona, reply.verdict, reply.way).inc()
        self.seconds.observe(reply.seconds)
        self.tokens.labels("prompt").inc(reply.usage.prompt_tokens)
        self.tokens.labels("completion").inc(reply.usage.completion_tokens)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
