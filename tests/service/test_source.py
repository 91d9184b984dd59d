"""The copy of a model that the service works with."""

import hashlib

import pytest

from sk_ser.persistence import load
from sk_ser.recognition import TrainedModel
from sk_ser.service._source import copy_model


def test_a_file_is_copied_as_it_is(model_file, tmp_path):
    source = copy_model(model_file, ["mine.Type"], tmp_path)
    assert source.sha256 == hashlib.sha256(model_file.read_bytes()).hexdigest()
    assert source.header["prediction_set"]["threshold"] == 0.2
    assert (source.format, source.trusted, source.libraries) == ("skops", ("mine.Type",), ())


@pytest.mark.filterwarnings("ignore::sk_ser.exceptions.ModelFileWarning")
def test_a_model_itself_is_written_and_loads_again(model, speech, tmp_path):
    source = copy_model(TrainedModel(model, {"note": "mine"}), (), tmp_path)
    assert source.header["note"] == "mine"
    assert source.header["classes"] == ["anger", "neutral", "sadness"]
    again = load(source.path, format=source.format)
    assert again.predict(speech.data[:3]).tolist() == model.predict(speech.data[:3]).tolist()


def test_what_a_net_takes_is_known_before_it_is_loaded(speech, tmp_path):
    neural = pytest.importorskip("sk_ser.neural", exc_type=ImportError)
    net = neural.make_net("dense", max_epochs=1, device="cpu", random_state=0)
    net.fit([clip[:2_000] for clip in speech.data], speech.target)
    assert copy_model(net, (), tmp_path).libraries == ("sk_ser.neural",)
