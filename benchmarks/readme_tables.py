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


def trained_models():
    """Tabulate whether probabilities and sets of trained models hold for new voices."""
    lines = [
        "| corpus | UAR | calibration error | sets with the right emotion | emotions in a set |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {NAMES[row['corpus']]} | {_percent(row['uar'])} "
        f"| {_percent(row['calibration_error'])} | {_percent(row['coverage'])} "
        f"| {row['set_size']:.2f} |"
        for row in read("trained_models")["rows"]
    ]
    return "\n".join(lines)


#: Protocols by what the README calls them; the others are random splits.
_COLUMNS = {
    "speaker-independent": "unheard voices",
    "the other speaker": "unheard voices",
    "other corpora": "unheard corpora",
}


def five_systems():
    """Tabulate what the starting systems' protocols give, and what unheard voices give."""
    columns = ("random split", "unheard voices", "unheard corpora")
    lines = [
        "| script | corpora | model | reported | " + " | ".join(columns) + " |",
        "|---|---|---|---|" + "---|" * len(columns),
    ]
    for system, found in read("five_systems")["systems"].items():
        script, _, remark = system.partition(", ")
        corpora = found["corpora"] or [script.partition("_")[0]]
        first = [
            f"`{script}.py`" + (f", {remark}" if remark else ""),
            ", ".join(NAMES[name] for name in corpora),
        ]
        for model in dict.fromkeys(row["model"] for row in found["rows"]):
            uar = {
                _COLUMNS.get(row["protocol"], columns[0]): row
                for row in found["rows"]
                if row["model"] == model
            }
            cells = [_cell(uar.get(column), column) for column in columns]
            lines.append("| " + " | ".join([*first, model, found["reported"], *cells]) + " |")
    return "\n".join(lines)


def _cell(row, column):
    if row is None:
        return ""
    text = _percent(row["uar"])
    return f"**{text}** {_interval(row['uar_interval'])}" if column == "unheard voices" else text


def ravdess_nets():
    """Tabulate UAR of nets on RAVDESS's six folds, and of their votes with the SVM."""
    lines = ["| net | UAR alone | in a soft vote with svm | minutes |", "|---|---|---|---|"]
    for name, found in read("ravdess_nets")["summary"].items():
        cells = [
            f"**{_percent(found[f'uar_{who}_mean'])}** ± {_percent(found[f'uar_{who}_sd'])}"
            for who in ("net", "vote")
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {found['minutes']:.1f} |")
    return "\n".join(lines)


def duplicates():
    """Tabulate which copies find_duplicates finds, the surest first."""
    found = read("duplicates")
    by_recall = {}
    for change, recall in found["recall"].items():
        by_recall.setdefault(recall, []).append(change)
    lines = ["| copies | found |", "|---|---|"]
    lines += [
        f"| {'; '.join(by_recall[recall])} | {_percent(recall)} % |"
        for recall in sorted(by_recall, reverse=True)
    ]
    return "\n".join(
        [*lines, f"| pairs found that are copies | {_percent(found['precision'])} % |"]
    )


def planted_leaks():
    """Tell how many planted leaks are found, and how many false alarms there are."""
    found = read("planted_leaks")
    hits, tries = (sum(one[key] for one in found["leaks"].values()) for key in ("found", "of"))
    return (
        f"{len(found['leaks'])} kinds of leaks, planted {tries} times: {hits} found. "
        f"{found['n_seeds']} corpora without a leak: {len(found['false_alarms'])} false alarms."
    )


def service_load():
    """Tell how the service holds under load."""
    found = read("service_load")
    full, short = found["queue"], found["short_queue"]
    latency = ", ".join(f"{full['latency_ms'][name]:.0f}" for name in ("p50", "p95", "p99"))
    n_other = sum(
        n
        for one in (full, short)
        for status, n in one["statuses"].items()
        if status not in ("200", "429", "503")
    )
    return (
        f"{full['n_clients']} clients at once for {full['seconds']:.0f} s on "
        f"{found['machine']['cpu_count']} cores: {full['answers_a_second']:.0f} files a second, "
        f"latency {latency} ms (p50, p95, p99). With room for 4 to wait, "
        f"{short['statuses']['200']:,} files were answered and "
        f"{short['statuses'].get('503', 0):,} times a client was told to come back. Answers "
        f"other than 200 and 503: {n_other}."
    )


def fuzz():
    """Tell what came of damaged recordings."""
    found = read("fuzz")
    both = [found["predict"], found["service"]]
    n_files = found["n_mutants"] + found["n_bombs"]
    unanswered = sum(n_files - one["n_answered"] for one in both)
    crashes = found["service"]["health"]["replaced"] + (found["predict"]["status"] != 0)
    return (
        f"{n_files:,} damaged recordings in {len(found['formats'])} formats, through "
        f"`predict_files` and through the service: {unanswered} without an answer, {crashes} "
        f"crashes, {sum(one['n_unclear'] for one in both)} errors that are not clear; the slowest "
        f"answer took {max(one['slowest_s'] for one in both):.1f} s, the largest process "
        f"{max(one['peak_of_one_process_mib'] for one in both):.0f} MiB."
    )


def _percent(share):
    return f"{100 * share:.1f}"


def _interval(bounds):
    return f"[{_percent(bounds[0])}, {_percent(bounds[1])}]"


if __name__ == "__main__":
    tables = (main_job, real_corpora, five_systems, ravdess_nets, duplicates, planted_leaks)
    tables += (trained_models, service_load, fuzz)
    print(*(table() for table in tables), sep="\n\n")
