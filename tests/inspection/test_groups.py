"""A dot for each group, the worst at the top."""

import numpy as np
import pandas as pd
import pytest
from sklearn.naive_bayes import GaussianNB

from sk_ser.inspection import GroupDisplay
from sk_ser.model_selection import compare_protocols, group_results

pytest.importorskip("matplotlib")

Y, SPEAKERS = np.arange(120) % 3, np.arange(120) // 12
NAMES = "GaussianNB", "speaker-independent"


@pytest.fixture(scope="module")
def comparison():
    X = np.random.default_rng(0).normal(size=(120, 2)) + Y[:, None]
    return compare_protocols(GaussianNB(), X, Y, groups=SPEAKERS, random_state=0, n_bootstrap=50)


def test_dots_are_the_groups_scores(comparison):
    display = GroupDisplay.from_comparison(comparison, *NAMES).plot(title="A title")
    table = group_results(comparison, *NAMES)
    dots = display.ax_.containers[0].lines[0].get_xydata()
    np.testing.assert_allclose(dots[:, 0], 100 * table["uar"])
    labels = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert labels == [f"{speaker} (12)" for speaker in table["speaker"]]
    # the axis points down, and the worst comes first
    assert display.ax_.yaxis_inverted()
    assert display.ax_.get_title() == "A title"


def test_groups_of_several_speakers_have_whiskers(comparison):
    sexes = pd.Series(np.where(SPEAKERS % 2, "male", "female"), name="sex")
    display = GroupDisplay.from_comparison(comparison, *NAMES, by=sexes).plot()
    (bars,) = display.ax_.containers[0].lines[2]
    assert np.isfinite(np.concatenate(bars.get_segments())).all()
    assert display.ax_.get_ylabel() == "sex"
