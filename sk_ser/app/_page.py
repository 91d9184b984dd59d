"""The script that Streamlit runs.

``streamlit run _page.py -- MODEL MAX_MB MAX_MINUTES [TRUSTED_TYPE ...]``
"""

import re
import sys
import threading
from mimetypes import guess_type
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from sk_ser.app import _facts as facts
from sk_ser.app._pictures import bars_html, stretches, tiles_html, timeline
from sk_ser.app._recording import WINDOW, analyse
from sk_ser.audio import AUDIO_SUFFIXES
from sk_ser.exceptions import AudioError
from sk_ser.persistence import format_of, load_model
from sk_ser.reports import save_card

#: Suffixes of recordings, without the full stop.
_TYPES = sorted(suffix.removeprefix(".") for suffix in AUDIO_SUFFIXES)


def main(model_path, max_mb, max_minutes, trusted=()):
    """Show the page: the model's scores first, then the predictions."""
    st.set_page_config(page_title="Emotion in speech", page_icon="🗣️")
    st.title("Emotion in speech")
    model, turn = _model(Path(model_path), trusted)
    _about(model.header)
    recording = _ask(max_mb, max_minutes)
    if recording is not None:
        _answer(_analysed(model, turn, recording, max_minutes), model, recording)
    _more(model.header)


def _model(path, trusted):
    """Load the model, or show why it cannot be used and end the page."""
    try:
        return _load(path, path.stat().st_mtime_ns, trusted)
    except (ValueError, ImportError, OSError) as error:
        # the page must not show folders of this machine
        reason = getattr(error, "strerror", None) or getattr(error, "message", str(error))
        st.error(f"The model {facts.escape(path.name)} cannot be used: {facts.escape(reason)}")
        st.stop()


@st.cache_resource(show_spinner="Loading the model")
def _load(path, _modified, trusted):
    """Load a model once for all visitors; the lock serves one visitor at a time."""
    model = load_model(path, format=format_of(path), trusted=trusted)
    model.check_takes_files()
    return model, threading.Lock()


def _about(header):
    """Show the training data and the scores."""
    st.markdown(facts.escape(facts.data_sentence(header)))
    if not facts.is_scored(header):
        st.warning(
            "Its scores on unseen speakers are not known: the model's file does not have them. "
            "Treat its predictions as guesses."
        )
        return
    st.html(tiles_html(facts.score_tiles(header)))
    st.caption("Share of recordings with the right emotion, averaged over the emotions (UAR).")


def _ask(max_mb, max_minutes):
    """Ask for a recording; return None until there is one that is small enough."""
    source = st.radio("Recording from", ("File", "Microphone"), horizontal=True)
    if source == "File":
        limits = f"at most {max_mb:g} MB and {max_minutes:g} min"
        given = st.file_uploader(f"Recording of one speaker, {limits}", type=_TYPES)
        st.html(_refused_in_the_browser(max_mb))
    else:
        given = st.audio_input(f"Speak for at most {max_minutes:g} min")
    if given is not None and given.size > max_mb * 2**20:
        size = given.size / 2**20
        _refuse(given.name, f"too large: {size:.1f} MB, and {max_mb:g} MB are allowed")
        return None
    return given


def _refused_in_the_browser(max_mb):
    """Show why the browser did not send a file: Streamlit marks it without the reason."""
    names = ", ".join(_TYPES).upper()
    return (
        "<style>body:has([data-testid=stFileUploader] [aria-invalid=true]) .sk-ser-refused "
        '{display: block !important}</style><div class="sk-ser-refused" role="alert" '
        'style="display:none;border-left:4px solid #D55E00;padding-left:.75rem">The file was not '
        f"accepted: it is larger than {max_mb:g} MB, or its type is not one of {names}.</div>"
    )


def _analysed(model, turn, recording, max_minutes):
    """Predict from a recording once, however often the page is drawn; None with an error."""
    dark = st.context.theme.type == "dark"
    key, found = st.session_state.get("found", (None, None))
    if key == (recording.file_id, dark):
        return found
    content, name = recording.getvalue(), recording.name
    try:
        with st.spinner("Predicting"), turn:
            found = analyse(model, content, name, max_minutes=max_minutes, dark=dark)
    except AudioError as error:
        _refuse(name, error.message)
        return None
    st.session_state["found"] = (recording.file_id, dark), found
    return found


def _refuse(name, reason):
    st.error(f"No prediction for **{facts.escape(name)}**: {facts.escape(reason)}")


def _answer(found, model, recording):
    """Show the prediction, its confidence, and the recording."""
    if found is None:
        return
    header = model.header
    begin, whole = "Most likely", ""
    if found.over_time is not None:
        begin = "Overall"
        whole = f"This is for all {found.duration:.0f} s together; see below for each moment. "
    title = f"{begin}: {facts.escape(found.emotion)}"
    if found.proba:
        # no line break between a number and its sign
        share = facts.percent(found.proba[found.emotion]).replace(" %", "\N{NO-BREAK SPACE}%")
        title += f", {share}"
    st.subheader(title)
    if found.prediction_set:
        show = st.markdown if len(found.prediction_set) == 1 else st.warning
        show(facts.escape(facts.set_sentence(found.prediction_set, header)))
    if found.proba:
        st.html(bars_html(found.proba, found.prediction_set))
    st.caption(whole + facts.escape(facts.confidence_sentence(bool(found.proba), header)))
    st.audio(recording.getvalue(), format=guess_type(recording.name)[0] or "audio/wav")
    st.image(
        found.picture,
        caption="Waveform, and below it the spectrogram: the strength of each frequency over time",
        width="stretch",
    )
    if found.over_time is not None:
        _over_time(found.over_time, [str(name) for name in model.classes_], recording.name)


def _over_time(table, classes, name):
    st.subheader("Over time")
    st.altair_chart(timeline(table, classes), width="stretch")
    st.caption(
        f"Each row is an emotion; a stronger colour means a higher confidence. Each moment is "
        f"predicted from the {WINDOW:g} s around it. Gaps are silence."
    )
    with st.expander("As a table"):
        st.dataframe(stretches(table), hide_index=True, width="stretch")
        st.download_button(
            "All windows as CSV",
            table.to_csv(index=False),
            file_name=f"{Path(name).stem}-emotions.csv",
            mime="text/csv",
        )


def _more(header):
    """Show the model card, folded, and what happens to recordings."""
    with st.expander("More about this model: data, scores by group, limits"):
        st.markdown(_card(header))
    st.caption(
        "A recording stays in the server's memory while its page is open. It is on the server's "
        "disk only while it is received and decoded."
    )


def _card(header):
    """Return the model card as Markdown."""
    if not header:
        return "Nothing more is known: the model's file has no description."
    with TemporaryDirectory(prefix="sk-ser-") as folder:
        try:
            card = save_card(header, Path(folder, "card.md")).read_text(encoding="utf-8")
        except (AttributeError, KeyError, TypeError, ValueError):
            return "Nothing more is known: the description in the model's file is not readable."
    # headings of a lower level than those of the page
    return re.sub("^#", "###", card, flags=re.MULTILINE)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), tuple(sys.argv[4:]))
