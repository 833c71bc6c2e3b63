"""Tables of linking, retrieval and verification, for `evaluation.report`."""

from evaluation.report import percent, result, table


def retrieval() -> str:
    """The needed facts among the first five, beside the baselines."""
    rows = []
    for show, found in result("retrieval")["shows"].items():
        for name, scores in found["rankers"].items():
            rows.append(
                [
                    f"{show}: {name}",
                    percent(scores["recall_at_1"]),
                    percent(scores["recall_at_5"]),
                    f"{scores['mrr']:.3f}",
                ]
            )
    return table(["needed facts that the persona may say", "first", "among five", "mean reciprocal rank"], rows)


def losses() -> str:
    """Where needed facts are lost between the message and the reply's plan."""
    shows = result("retrieval")["shows"]
    steps = next(iter(shows.values()))["steps"]
    return table(
        ["needed facts that are …", *shows],
        [[s, *(str(f["steps"][s]["reached"]) for f in shows.values())] for s in steps],
    )


def reading() -> str:
    """Which note is right, and what would be told, by words alone and with the encoder."""
    sets = {"development": "development questions", "kept_aside": "written messages kept aside"}
    ways = {"words": ("by words", 0.3), "read": ("read by the encoder", 0.4)}
    rows = []
    for part, label in sets.items():
        for way, (name, chance) in ways.items():
            found = result("recall")[way][part]
            told = next(row for row in found["thresholds"] if row["chance"] == chance)
            of_others = sum(told.get(kind, 0) for kind in ("false", "future", "unknown"))
            others = found["questions"] - found["facts"]
            rows.append(
                [
                    f"{label}, {name}", f"{found['right_first']} of {found['facts']}", str(told["right"]),
                    str(told["wrong"]), f"{of_others} of {others}", str(chance),
                ]
            )  # fmt: skip
    heads = ["", "right note likeliest", "told, right", "told, wrong", "told where nothing answers", "chance"]
    return table(heads, rows)


def linking() -> str:
    """Messages linked rightly, beside two simple ways."""
    rows = [
        [name, percent(w["right"]), *(f"{100 * w[k]['share']:.1f} %" for k in ("precision", "recall"))]
        + [f"{w['microseconds'][p]:,.0f}" for p in ("p50", "p99")]
        for name, w in result("linking")["ways"].items()
    ]
    return table(["", "messages right", "precision", "recall", "µs p50", "µs p99"], rows)


def verification() -> str:
    """Labelled replies by the verifier and by names alone."""
    found = result("verification")
    rows = [
        [f"{part}: {name}", f"{100 * v['balanced_accuracy']:.1f} %", str(v["contradicted_called_supported"]["hits"])]
        + [f"{v['confusion'][c][c]}/{sum(v['confusion'][c].values())}" for c in sorted(v["confusion"])]
        for part in ("dev", "test")
        for name, v in found[part].items()
    ]
    head = ["", "balanced accuracy", "contradicted, called supported", "contradicted", "supported", "unverifiable"]
    return table(head, rows)


def scale() -> str:
    """Time of linking and retrieval by the size of the graph."""
    found = result("scale")
    rows = []
    for kind, sizes in found["microseconds"].items():
        for n, steps in sizes.items():
            made = found["sizes"][n]
            times = [f"{steps[step][p]:,.0f}" for step in ("link", "retrieve", "both") for p in ("p50", "p99")]
            rows.append([f"{kind}, {int(n):,} facts", *times, f"{made['mebibytes']:,.0f}"])
    head = ["", *(f"{step} {p}" for step in ("link", "retrieve", "both") for p in ("p50", "p99")), "MiB"]
    return table(head, rows)
