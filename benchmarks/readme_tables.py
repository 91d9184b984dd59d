"""Print the README's tables from what the other scripts have left in ``results/``.

    python benchmarks/readme_tables.py

A test holds the README to what this prints.
"""

import json
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = {"ravdess": "RAVDESS", "emodb": "EMO-DB", "tess": "TESS", "urdu": "URDU"}


def read(name):
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def main_job():
    """Tabulate the leaderboard of ``sk-ser benchmark`` on the four corpora."""
    lines = [
        "| corpus | model | unheard voices | random split | gap in points | chance |",
        "|---|---|---|---|---|---|",
    ]
    for row in sorted(read("main_job")["rows"], key=lambda row: list(NAMES).index(row["corpus"])):
        low, high = row["gap_interval"]
        lines.append(
            f"| {NAMES[row['corpus']]} | {row['model']} "
            f"| **{_percent(row['uar_unheard'])}** {_interval(row['uar_unheard_interval'])} "
            f"| {_percent(row['uar_random'])} {_interval(row['uar_random_interval'])} "
            f"| {row['gap_points']:+.1f} [{low:.1f}, {high:.1f}] | {_percent(row['chance'])} |"
        )
    return "\n".join(lines)


def real_corpora():
    """Tabulate UAR on unheard voices, on the literature's folds, beside the opponents'."""
    rows = read("real_corpora")["rows"]
    models = list(dict.fromkeys(row["model"] for row in rows))
    uar = {(row["corpus"], row["model"]): row for row in rows}
    lines = [
        "| model | " + " | ".join(NAMES.values()) + " |",
        "|---|" + "---|" * len(NAMES),
    ]
    for model in models:
        cells = [
            f"**{_percent(uar[corpus, model]['uar_unheard'])}** "
            f"({_percent(uar[corpus, model]['uar_random'])})"
            for corpus in NAMES
        ]
        lines.append(f"| {model} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _percent(share):
    return f"{100 * share:.1f}"


def _interval(bounds):
    return f"[{_percent(bounds[0])}, {_percent(bounds[1])}]"


if __name__ == "__main__":
    print(main_job(), real_corpora(), sep="\n\n")
