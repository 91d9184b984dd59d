"""A clip's waveform and spectrogram, drawn."""

import librosa
import matplotlib.figure
import numpy as np
import pytest
import soundfile as sf

from sk_ser.audio import AudioLoader, Clip
from sk_ser.exceptions import AudioError
from sk_ser.inspection import ClipDisplay


def tone(hz=1_000, seconds=0.5, rate=16_000, amplitude=0.5):
    return Clip(amplitude * np.sin(2 * np.pi * hz * np.arange(seconds * rate) / rate), rate)


def line_of(display):
    return np.transpose(display.ax_[0].lines[0].get_xydata())


def image_of(display):
    return display.ax_[1].images[0]


def loudest_row(display):
    """Height on the axis, in its units, of the middle of the loudest row of the image."""
    levels = np.asarray(image_of(display).get_array())
    _, _, low, high = image_of(display).get_extent()
    row = levels.mean(axis=1).argmax()
    return low + (row + 0.5) * (high - low) / len(levels)


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "03-01-05$_$.wav"
    sf.write(path, np.column_stack([tone(rate=22_050), 0 * tone(rate=22_050)]), 22_050)
    return path


# Waveform


def test_each_sample_of_a_short_clip_is_drawn_at_its_time():
    clip = tone(seconds=0.1)
    display = ClipDisplay.from_clip(clip).plot()
    times, amplitudes = line_of(display)
    np.testing.assert_allclose(times, np.arange(1_600) / 16_000)
    np.testing.assert_array_equal(amplitudes, clip)
    assert display.ax_[0].get_ylabel() == "Amplitude"


def test_of_a_long_clip_every_extreme_is_drawn_and_not_every_sample():
    clip = tone(seconds=60)
    clip[[77_777, 500_001]] = 0.9, -0.8
    times, amplitudes = line_of(ClipDisplay.from_clip(clip).plot())
    assert len(amplitudes) == 8_000
    assert (amplitudes.max(), amplitudes.min()) == pytest.approx((0.9, -0.8))
    assert times[amplitudes.argmax()] == pytest.approx(77_777 / 16_000, abs=60 / 4_000)


def test_amplitudes_have_zero_in_the_middle_and_room_for_the_loudest():
    ax = ClipDisplay.from_clip(tone(amplitude=0.01)).plot().ax_[0]
    assert ax.get_ylim() == pytest.approx((-0.0105, 0.0105), rel=1e-3)


# Spectrogram


@pytest.mark.parametrize("hz", [500, 1_000, 3_000])
def test_a_tone_is_a_bar_at_its_frequency(hz):
    display = ClipDisplay.from_clip(tone(hz)).plot()
    assert display.frequencies[display.spectrogram.mean(axis=0).argmax()] == hz
    assert loudest_row(display) == pytest.approx(hz / 1_000, abs=1e-6)


def test_a_click_is_a_bar_at_its_time():
    clip = Clip(np.zeros(16_000))
    clip[12_000] = 1
    display = ClipDisplay.from_clip(clip, window=0.004).plot()
    levels = np.asarray(image_of(display).get_array())
    left, right, *_ = image_of(display).get_extent()
    column = levels.mean(axis=0).argmax()
    middle = left + (column + 0.5) * (right - left) / levels.shape[1]
    assert middle == pytest.approx(0.75, abs=0.001)


def test_levels_are_in_db_below_the_loudest_whatever_the_amplitude():
    quiet, loud = Clip(tone(500, 1)), Clip(tone(2_000, 1))
    clip = Clip(np.concatenate([0.01 * quiet, loud]))
    expected = ClipDisplay.from_clip(clip).spectrogram
    assert (expected.max(), expected.min()) == (0, -80)
    # 0.01 of the amplitude is 40 dB less
    assert expected[: len(expected) // 3].max() == pytest.approx(-40, abs=0.1)
    for factor in (1e-30, 30_000.0, 1e30):
        spectrogram = ClipDisplay.from_clip(clip * np.float32(factor)).spectrogram
        np.testing.assert_allclose(spectrogram, expected, atol=0.01)
    assert image_of(ClipDisplay.from_clip(clip).plot()).get_clim() == (-80, 0)


def test_axes_say_seconds_kilohertz_and_decibels():
    display = ClipDisplay.from_clip(tone()).plot()
    waveform, spectrogram = display.ax_
    assert waveform.get_xlim() == spectrogram.get_xlim() == (0, 0.5)
    assert spectrogram.get_ylim() == (0, 8)
    assert spectrogram.get_xlabel() == "Time (s)"
    assert spectrogram.get_ylabel() == "Frequency (kHz)"
    bar = display.figure_.axes[2]
    assert bar.get_ylabel() == "Level (dB, loudest = 0)"


def test_frequencies_of_a_low_rate_are_in_hertz():
    ax = ClipDisplay.from_clip(tone(100, rate=1_000)).plot().ax_[1]
    assert ax.get_ylim() == (0, 500)
    assert ax.get_ylabel() == "Frequency (Hz)"


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_mel_bands_are_those_of_the_mel_spectrogram(rate):
    display = ClipDisplay.from_clip(tone(rate=rate), n_mels=40).plot()
    expected = librosa.mel_frequencies(42, fmax=rate / 2)[1:-1]
    np.testing.assert_allclose(display.frequencies, expected, rtol=1e-6)
    assert display.spectrogram.shape[1] == 40
    assert display.ax_[1].get_ylabel() == "Frequency (kHz, mel scale)"


@pytest.mark.parametrize("hz", [500, 2_000, 4_000])
def test_a_tone_is_at_the_tick_of_its_frequency_in_mel_too(hz):
    display = ClipDisplay.from_clip(tone(hz), n_mels=64).plot()
    labels = display.ax_[1].get_yticklabels()
    ticks = {label.get_text(): label.get_position()[1] for label in labels}
    assert list(ticks) == ["0", "0.25", "0.5", "1", "2", "4", "8"]
    band = np.diff(display.ax_[1].get_ylim())[0] / 64
    assert loudest_row(display) == pytest.approx(ticks[f"{hz / 1_000:g}"], abs=band)


@pytest.mark.parametrize("n_mels", [1, 2, 256])
def test_any_number_of_bands_is_drawn(n_mels):
    display = ClipDisplay.from_clip(tone(), n_mels=n_mels).plot()
    display.figure_.draw_without_rendering()


def test_a_longer_window_tells_tones_apart_that_a_shorter_one_does_not():
    clip = tone(1_000) + tone(1_040)

    def dip(window):
        display = ClipDisplay.from_clip(clip, window=window)
        middle = display.spectrogram[len(display.spectrogram) // 2]
        at = [np.abs(display.frequencies - hz).argmin() for hz in (1_000, 1_020, 1_040)]
        return min(middle[at[0]], middle[at[2]]) - middle[at[1]]

    assert dip(0.2) > 20
    assert dip(0.01) < 3


def test_a_long_recording_has_as_many_frames_as_a_picture_shows_and_none_is_lost():
    clip = Clip(np.zeros(16_000 * 300))
    clip[2_345_678] = 1
    display = ClipDisplay.from_clip(clip)
    assert len(display.spectrogram) <= 4_001
    assert display.spectrogram.max(axis=1).argmax() == pytest.approx(
        2_345_678 / 16_000 * display.spectrogram.frame_rate, abs=1
    )


# Next to nothing


@pytest.mark.parametrize("n_mels", [None, 40])
def test_silence_is_dark_and_says_so(n_mels):
    display = ClipDisplay.from_clip(Clip(np.zeros(8_000)), n_mels=n_mels).plot()
    assert (np.asarray(display.spectrogram) == -80).all()
    assert [text.get_text() for text in display.ax_[1].texts] == ["silence"]
    assert display.ax_[0].get_ylim() == (-1.05, 1.05)
    display.figure_.draw_without_rendering()


@pytest.mark.parametrize("n_mels", [None, 40])
@pytest.mark.parametrize("n_samples", [1, 2, 40, 100])
def test_a_few_samples_are_dots_over_an_image_that_is_as_wide(n_samples, n_mels):
    clip = Clip(np.random.default_rng(0).normal(size=n_samples))
    display = ClipDisplay.from_clip(clip, n_mels=n_mels).plot()
    assert display.ax_[0].lines[0].get_marker() == "."
    left, right, *_ = image_of(display).get_extent()
    assert left <= 0
    assert right >= clip.duration - 0.5 / 16_000
    display.figure_.draw_without_rendering()


# Where clips come from


def test_a_bare_array_is_taken_at_16_khz():
    display = ClipDisplay.from_clip(list(tone()))
    assert display.clip.sampling_rate == 16_000
    np.testing.assert_array_equal(display.clip, tone())


def test_a_recording_is_drawn_as_recorded_under_its_name(recording):
    display = ClipDisplay.from_path(recording).plot()
    assert display.clip.sampling_rate == 22_050
    np.testing.assert_allclose(display.clip, 0.5 * tone(rate=22_050), atol=1e-4)
    assert display.ax_[0].get_title() == "03-01-05$_$.wav"
    display.figure_.draw_without_rendering()


def test_a_loader_says_how_to_read_it(recording):
    loader = AudioLoader(8_000, duration=0.2)
    display = ClipDisplay.from_path(str(recording), loader=loader, n_mels=20, window=0.05)
    assert (display.clip.sampling_rate, display.clip.duration) == (8_000, 0.2)
    assert display.spectrogram.shape[1] == 20


def test_a_recording_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(AudioError, match=r"none.wav: no such file"):
        ClipDisplay.from_path(tmp_path / "none.wav")


@pytest.mark.parametrize(
    "clip, options, message",
    [
        (Clip(np.zeros((3, 800))), {}, r"shape \(3, 800\), where one waveform .* clips\[0\]"),
        (Clip(3.0), {}, r"shape \(\), where one waveform"),
        (Clip([]), {}, "the clip has no samples"),
        (Clip([0.0, np.nan, np.inf]), {}, "2 of 3 samples are NaN or infinite"),
        ("angry.wav", {}, "'angry.wav' is a path. Call from_path"),
        (tone(), {"n_mels": 0}, "n_mels=0 must be"),
        (tone(), {"n_mels": 40.5}, "n_mels=40.5 must be"),
        (tone(), {"window": 0}, "window=0 must be > 0 s and at most 1 s"),
        (tone(), {"window": 32}, "window=32 must be > 0 s and at most 1 s"),
    ],
)
def test_what_cannot_be_drawn_is_named(clip, options, message):
    with pytest.raises(ValueError, match=message):
        ClipDisplay.from_clip(clip, **options)


# Where it is drawn


@pytest.mark.parametrize("grid", [(2, 1), (1, 2)])
def test_it_draws_on_axes_that_it_is_given_and_keeps_their_widths_alike(grid):
    figure = matplotlib.figure.Figure()
    axes = figure.subplots(*grid)
    display = ClipDisplay.from_clip(tone()).plot(ax=axes, title="a tone")
    assert display.ax_ == list(axes)
    assert display.figure_ is figure
    assert axes[0].get_title() == "a tone"
    widths = [ax.get_position().width for ax in axes]
    assert widths[0] == pytest.approx(widths[1])


def test_waveform_and_spectrogram_lie_above_each_other():
    display = ClipDisplay.from_clip(tone()).plot()
    display.figure_.draw_without_rendering()
    one, other = (ax.get_position() for ax in display.ax_)
    assert (one.x0, one.x1) == pytest.approx((other.x0, other.x1))


def test_one_axes_is_too_few():
    with pytest.raises(ValueError, match="ax holds 1 axes, and 2 are needed"):
        ClipDisplay.from_clip(tone()).plot(ax=matplotlib.figure.Figure().subplots())


def test_nothing_is_left_open_in_pyplot():
    import matplotlib.pyplot as plt

    ClipDisplay.from_clip(tone()).plot()
    assert plt.get_fignums() == []


@pytest.mark.parametrize("n_mels", [None, 64])
@pytest.mark.parametrize("seconds", [0.003, 3, 100])
def test_no_text_hides_another(seconds, n_mels, overlaps):
    display = ClipDisplay.from_clip(tone(seconds=seconds), n_mels=n_mels)
    assert overlaps(display.plot(title="03-01-05-02-01-01-12.wav").figure_) == []


@pytest.mark.parametrize("suffix, begin", [("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_files_can_be_written(suffix, begin, tmp_path):
    path = tmp_path / f"clip.{suffix}"
    ClipDisplay.from_clip(tone()).plot().figure_.savefig(path)
    assert path.read_bytes().startswith(begin)


def test_without_matplotlib_the_extra_is_named(no_matplotlib):
    with pytest.raises(ImportError, match=r'ClipDisplay.plot .* "sk_ser\[plot\]"'):
        ClipDisplay.from_clip(tone()).plot()
