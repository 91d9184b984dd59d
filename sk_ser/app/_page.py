"""The script that Streamlit runs: ``streamlit run _page.py -- MODEL MAX_MB MAX_MINUTES``."""

import re
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from sk_ser.app._facts import (
    confidence_sentence,
    data_sentence,
    escape,
    is_scored,
    percent,
    score_tiles,
    set_sentence,
)
from sk_ser.app._pictures import bars_html, stretches, tiles_html, timeline
from sk_ser.app._recording import WINDOW, hear
from sk_ser.cli._sources import load_model
from sk_ser.exceptions import AudioError
from sk_ser.persistence import save_card
from sk_ser.prediction import predict_files

#: Suffixes that are taken, and what a browser calls them.
_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
}


def main(model_path, max_mb, max_minutes):
    """Show the page: what the model is worth first, then what it hears."""
    st.set_page_config(page_title="Emotion in speech", page_icon="🗣️")
    st.title("Emotion in speech")
    model, header, turn = _model(Path(model_path))
    _about(header)
    recording = _ask(max_mb, max_minutes)
    if recording is not None:
        _answer(_heard(model, header, turn, recording, max_minutes), model, header, recording)
    _more(header)


def _model(path):
    """Load the model, or say why not and end the page here."""
    try:
        return _load(path, path.stat().st_mtime_ns)
    except (ValueError, ImportError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        st.error(f"The model {escape(path.name)} cannot be used. " + _shown(reason, path))
        st.stop()


@st.cache_resource(show_spinner="Loading the model")
def _load(path, _modified):
    """Load a model once for all who visit; a lock lets it answer one at a time."""
    model, header = load_model(path)
    predict_files(model, [])  # raises if it takes no files
    return model, header, threading.Lock()


def _shown(reason, path):
    """Write an error for Markdown, without the folders of the machine that this runs on."""
    return escape(reason.replace(f"{path}: ", "").replace(str(path), path.name))


def _about(header):
    """Say in plain sight what it was trained on, and how far to trust it."""
    st.markdown(escape(data_sentence(header)))
    if not is_scored(header):
        st.warning(
            "How well it does on voices that it has not heard is not known: its file does not say. "
            "Take what it says as a guess."
        )
        return
    st.html(tiles_html(score_tiles(header)))
    st.caption(
        "Share of recordings whose emotion it names rightly, each emotion counting the same (UAR)."
    )


def _ask(max_mb, max_minutes):
    """Ask for a recording; None until there is one that is not too large."""
    source = st.radio("Recording from", ("File", "Microphone"), horizontal=True)
    if source == "File":
        limits = f"at most {max_mb:g} MB and {max_minutes:g} min"
        given = st.file_uploader(f"Recording of one voice, {limits}", type=list(_TYPES))
        st.html(_refused_in_the_browser(max_mb))
    else:
        given = st.audio_input(f"Speak, at most {max_minutes:g} min")
    if given is not None and given.size > max_mb * 2**20:
        _refuse(given.name, f"too large: {given.size / 2**20:.1f} MB, and {max_mb:g} are allowed.")
        return None
    return given


def _refused_in_the_browser(max_mb):
    """Say why a browser sent nothing: Streamlit marks such a file, and hides the reason."""
    names = ", ".join(_TYPES).upper()
    return (
        "<style>body:has([data-testid=stFileUploader] [aria-invalid=true]) .sk-ser-refused "
        '{display: block !important}</style><div class="sk-ser-refused" role="alert" '
        'style="display:none;border-left:4px solid #D55E00;padding-left:.75rem">The file was not '
        f"taken: it is larger than {max_mb:g} MB, or none of {names}.</div>"
    )


def _heard(model, header, turn, recording, max_minutes):
    """Hear a recording once, however often the page is drawn; None if nothing can be heard."""
    dark = st.context.theme.type == "dark"
    key, heard = st.session_state.get("heard", (None, None))
    if key == (recording.file_id, dark):
        return heard
    content, name = recording.getvalue(), recording.name
    try:
        with st.spinner("Listening"), turn:
            heard = hear(model, header, content, name, max_minutes=max_minutes, dark=dark)
    except AudioError as error:
        _refuse(name, str(error))
        return None
    st.session_state["heard"] = (recording.file_id, dark), heard
    return heard


def _refuse(name, reason):
    st.error(f"Nothing can be predicted from **{escape(name)}**: {escape(reason)}")


def _answer(heard, model, header, recording):
    """Show what was heard, how sure that is, and what it was heard in."""
    if heard is None:
        return
    begin = "Most likely" if heard.over_time is None else "On the whole"
    title = f"{begin}: {escape(heard.emotion)}"
    if heard.proba:
        # a sign stays in a line with its number
        title += f", {percent(heard.proba[heard.emotion])}".replace(" %", "\N{NO-BREAK SPACE}%")
    st.subheader(title)
    if heard.prediction_set:
        show = st.markdown if len(heard.prediction_set) == 1 else st.warning
        show(escape(set_sentence(heard.prediction_set, header)))
    if heard.proba:
        st.html(bars_html(heard.proba, heard.prediction_set))
    whole = ""
    if heard.over_time is not None:
        whole = f"This is of all {heard.duration:.0f} s together; each moment stands below. "
    st.caption(whole + escape(confidence_sentence(bool(heard.proba), header)))
    st.audio(recording.getvalue(), format=_TYPES.get(recording.name.rpartition(".")[2].lower()))
    st.image(
        heard.picture,
        caption="Waveform, and spectrogram below: how strong each pitch is at each moment",
        width="stretch",
    )
    if heard.over_time is not None:
        _over_time(heard.over_time, [str(name) for name in model.classes_], recording.name)


def _over_time(table, classes, name):
    st.subheader("Over time")
    st.altair_chart(timeline(table, classes), width="stretch")
    st.caption(
        f"Each row is an emotion, the stronger the surer. Each moment stands for the {WINDOW:g} s "
        "around it; where nothing is drawn, there is silence."
    )
    with st.expander("The same as a table"):
        st.dataframe(stretches(table), hide_index=True, width="stretch")
        st.download_button(
            "All windows as CSV",
            table.to_csv(index=False),
            file_name=f"{Path(name).stem}-emotions.csv",
            mime="text/csv",
        )


def _more(header):
    """Show all that is known of the model, folded."""
    with st.expander("More about this model: data, scores by group, limits"):
        st.markdown(_card(header))
    st.caption(
        "A recording stays in this server's memory while its page is open, and is on its disk only "
        "while it is received and decoded."
    )


def _card(header):
    """Write the model's card for Markdown."""
    if not header:
        return "Nothing more is known: the model's file says nothing about it."
    with TemporaryDirectory(prefix="sk-ser-") as folder:
        try:
            card = save_card(header, Path(folder, "card.md")).read_text(encoding="utf-8")
        except (AttributeError, KeyError, TypeError, ValueError):
            return "Nothing more is known: what the model's file says is in no known form."
    # its title stands below this page's
    return re.sub("^#", "###", card, flags=re.MULTILINE)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
