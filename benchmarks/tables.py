"""Print the tables of the README and of ``docs/`` from the JSON files in ``results/``.

    python benchmarks/tables.py

A test compares the pages with these tables.
"""

import json
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = {
    "ravdess": "RAVDESS",
    "emodb": "EMO-DB",
    "tess": "TESS",
    "savee": "SAVEE",
    "urdu": "URDU",
}
#: The corpora behind the JSON files in ``results/``.
CORPORA = {
    "ravdess": "RAVDESS, 1,440 clips, 24 speakers, 8 emotions",
    "emodb": "EMO-DB, 535 clips, 10 speakers, 7 emotions",
    "tess": "TESS (a part), 1,400 clips, 2 speakers, 7 emotions",
    "savee": "SAVEE, 480 clips, 4 speakers, 7 emotions",
    "urdu": "URDU, 400 clips, 29 speakers, 4 emotions",
}


def read(name):
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def main_job():
    """Tabulate the leaderboard of ``sk-ser benchmark`` on the five corpora."""
    lines = [
        "| corpus | model | unseen speakers | random split | gap in points | chance |",
        "|---|---|---|---|---|---|",
    ]
    for row in sorted(read("main_job")["rows"], key=lambda row: list(NAMES).index(row["corpus"])):
        low, high = row["gap_interval"]
        lines.append(
            f"| {NAMES[row['corpus']]} | {row['model']} "
            f"| **{_percent(row['uar_unseen'])}** {_interval(row['uar_unseen_interval'])} "
            f"| {_percent(row['uar_random'])} {_interval(row['uar_random_interval'])} "
            f"| {row['gap_points']:+.1f} [{low:.1f}, {high:.1f}] | {_percent(row['chance'])} |"
        )
    return "\n".join(lines)


def real_corpora():
    """Tabulate UAR on unseen speakers, with the folds of the literature, and openSMILE's."""
    rows = read("real_corpora")["rows"]
    models = list(dict.fromkeys(row["model"] for row in rows))
    uar = {(row["corpus"], row["model"]): row for row in rows}
    lines = [
        "| model | " + " | ".join(NAMES.values()) + " |",
        "|---|" + "---|" * len(NAMES),
    ]
    for model in models:
        cells = [
            f"**{_percent(uar[corpus, model]['uar_unseen'])}** "
            f"({_percent(uar[corpus, model]['uar_random'])})"
            for corpus in NAMES
        ]
        lines.append(f"| {model} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def trivial_facts():
    """Tabulate the three best facts of the recordings of each corpus."""
    lines = ["| corpus | chance | facts that predict best on unseen speakers |", "|---|---|---|"]
    found = {row["corpus"]: row for row in read("trivial_facts")["rows"]}
    for corpus in [name for name in NAMES if name in found]:
        # a model does not see the order of files
        facts = [fact for fact in found[corpus]["facts"] if fact["fact"] != "order"][:3]
        shown = [
            f"{fact['fact']} {_percent(fact['uar'])} "
            f"{_interval([fact['uar_low'], fact['uar_high']])}"
            for fact in facts
        ]
        text = ", ".join(shown) or "none is surely better than chance"
        cells = [NAMES[corpus], _percent(found[corpus]["chance"]), text]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def trained_models():
    """Tabulate calibration and prediction sets of trained models on unseen speakers."""
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


#: Protocols within a corpus that separate speakers, sentences, or both.
_WITHIN = ("speaker-independent", "sentence-independent", "speaker-and-sentence-independent")
#: Columns of the table of systems by protocol. All other protocols are random splits.
_COLUMNS = {
    "speaker-independent": "unseen speakers",
    "the other speaker": "unseen speakers",
    "other corpora": "unseen corpora",
}


def protocols():
    """Tabulate UAR of the SVM by protocol."""
    rows = {(row["corpus"], row["protocol"]): row for row in read("protocols")["rows"]}
    columns = ["random", *_WITHIN]
    lines = [
        "| svm | random split | unseen speakers | unseen sentences | both unseen |",
        "|---|---|---|---|---|",
    ]
    for corpus, name in NAMES.items():
        found = [rows.get((corpus, protocol)) for protocol in columns]
        cells = [f"{_percent(r['uar'])} {_interval(r['interval'])}" if r else "" for r in found]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def across():
    """Tabulate UAR of the SVM for each ordered pair of corpora."""
    rows = {row["protocol"]: row for row in read("protocols")["rows"]}
    lines = [
        f"| trained on | {' | '.join(f'tested on {name}' for name in NAMES.values())} |",
        "|---|" + "---|" * len(NAMES),
    ]
    for source, name in NAMES.items():
        found = [rows.get(f"{source} -> {target}") for target in NAMES]
        lines.append(f"| {name} | {' | '.join(_percent(r['uar']) if r else '' for r in found)} |")
    return "\n".join(lines)


def chance():
    """Tabulate the pooled UAR of guesses."""
    rows = read("chance")["rows"]
    guesses = list(dict.fromkeys(row["guess"] for row in rows))
    uar = {(row["classes"], row["guess"]): row for row in rows}
    lines = [
        f"| each speaker has | {' | '.join(f'guess: {guess}' for guess in guesses)} |",
        "|---|" + "---|" * len(guesses),
    ]
    for classes in dict.fromkeys(row["classes"] for row in rows):
        found = [uar[classes, guess] for guess in guesses]
        cells = [f"{_percent(one['mean'])} {_interval(one['middle_95'])}" for one in found]
        lines.append(f"| {classes} | {' | '.join(cells)} |")
    return "\n".join(lines)


def optimism():
    """Tabulate the bias of the best score of a search."""
    lines = ["| search | flat | nested | difference in points |", "|---|---|---|---|"]
    for row in read("protocols")["optimism"]:
        low, high = row["gap_interval"]
        lines.append(
            f"| {row['search']} | {_percent(row['flat'])} {_interval(row['flat_interval'])} "
            f"| **{_percent(row['nested'])}** {_interval(row['nested_interval'])} "
            f"| {row['gap_points']:+.1f} [{low:.1f}, {high:.1f}] |"
        )
    return "\n".join(lines)


def five_systems():
    """Tabulate the five systems under their own protocol and on unseen speakers."""
    columns = ("random split", "unseen speakers", "unseen corpora")
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
    return f"**{text}** {_interval(row['uar_interval'])}" if column == "unseen speakers" else text


def ravdess_nets():
    """Tabulate UAR of nets and of their soft votes with the SVM on RAVDESS's six folds."""
    lines = ["| net | UAR alone | in a soft vote with svm | minutes |", "|---|---|---|---|"]
    for name, found in read("ravdess_nets")["summary"].items():
        cells = [
            f"**{_percent(found[f'uar_{who}_mean'])}** ± {_percent(found[f'uar_{who}_sd'])}"
            for who in ("net", "vote")
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {found['minutes']:.1f} |")
    return "\n".join(lines)


def duplicates():
    """Tabulate the recall of find_duplicates by kind of copy, in descending order."""
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


def coverage():
    """Tabulate the coverage of prediction sets by the speakers of their calibration."""
    unseen = [f"unseen speakers, calibrated on {kind} speakers" for kind in ("seen", "unseen")]
    lines = [
        f"| svm | random split | {' | '.join(unseen)} | ECE, random | ECE, unseen speakers |",
        "|---|---|---|---|---|---|",
    ]
    measured = read("inference")
    for corpus in [name for name in NAMES if name in measured]:
        found = measured[corpus]
        cells = [
            f"{_percent(row['coverage'])} {_interval([row['coverage_low'], row['coverage_high']])}"
            for row in found["coverage"]
            if row["model"] == "svm"
        ]
        cells += [_percent(row["ece"]) for row in found["calibration"] if row["model"] == "svm"]
        # with two speakers, one is in the training set and none is left for the calibration
        cells[2:2] = [""] * (5 - len(cells))
        lines.append(f"| {NAMES[corpus]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def planted_leaks():
    """State the number of planted leaks that are found, and of false alarms."""
    found = read("planted_leaks")
    hits, tries = (sum(one[key] for one in found["leaks"].values()) for key in ("found", "of"))
    forms = ", ".join(
        f"as {form} {found['severe'][form]['corpora']} severe findings and "
        f"{found['warning'][form]['corpora']} corpora with a warning"
        for form in found["severe"]
    )
    return (
        f"{len(found['leaks'])} kinds of leaks, planted {tries} times: {hits} found. "
        f"{found['n_seeds']} corpora without a leak: {forms}."
    )


def streaming():
    """Tabulate the real-time factor and the memory of a stream."""
    runs = read("streaming")["runs"]
    lines = [
        "| model | 16 kHz | 48 kHz, stereo | memory after 10 minutes | after 60 |",
        "|---|---|---|---|---|",
    ]
    for model in dict.fromkeys(run["model"] for run in runs):
        mine = [run for run in runs if run["model"] == model]
        factors = [f"{run['real_time_factor']:.3f}" for run in mine]
        memory = [f"{mine[0]['memory_mib_by_minute'][key]:.1f} MiB" for key in ("10", "60")]
        lines.append("| " + " | ".join([model, *factors, *memory]) + " |")
    return "\n".join(lines)


def service_load():
    """State the throughput and the latency of the service under load."""
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
        f"latency {latency} ms (p50, p95, p99). With a queue of 4, the service answered "
        f"{short['statuses']['200']:,} files and {short['statuses'].get('503', 0):,} requests "
        f"with 503. Answers other than 200, 429 and 503: {n_other}."
    )


def fuzz():
    """State the results for damaged recordings."""
    found = read("fuzz")
    both = [found["predict"], found["service"]]
    n_files = found["n_mutants"] + found["n_bombs"]
    unanswered = sum(n_files - one["n_answered"] for one in both)
    crashes = found["service"]["health"]["replaced"] + (found["predict"]["status"] != 0)
    return (
        f"{n_files:,} damaged recordings in {len(found['formats'])} formats, through "
        f"`predict_files` and through the service: {unanswered} without an answer, {crashes} "
        f"crashes, {sum(one['n_unclear'] for one in both)} unclear errors. The slowest "
        f"answer took {max(one['slowest_s'] for one in both):.1f} s, the largest process "
        f"{max(one['peak_of_one_process_mib'] for one in both):.0f} MiB."
    )


def _percent(share):
    return f"{100 * share:.1f}"


def _interval(bounds):
    return f"[{_percent(bounds[0])}, {_percent(bounds[1])}]"


#: All tables of the pages.
TABLES = (
    main_job,
    real_corpora,
    five_systems,
    ravdess_nets,
    duplicates,
    planted_leaks,
    trivial_facts,
    trained_models,
    streaming,
    service_load,
    fuzz,
    coverage,
    protocols,
    across,
    chance,
    optimism,
)

if __name__ == "__main__":
    print(*(table() for table in TABLES), sep="\n\n")
