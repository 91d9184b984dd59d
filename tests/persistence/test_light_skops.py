"""Loading what holds no net takes no PyTorch."""

import subprocess
import sys

import pytest
from sklearn.naive_bayes import GaussianNB

from sk_ser.persistence import save

CODE = """
import sys
from sk_ser.persistence import load
print(load(sys.argv[1]).predict([[0.9]])[0], "torch" in sys.modules)
import sklearn.externals.array_api_compat.torch
print("torch" in sys.modules)
"""


def test_a_model_without_a_net_is_loaded_without_pytorch(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("sklearn.externals.array_api_compat")  # what would import it
    path = save(GaussianNB().fit([[0.0], [1.0]], ["calm", "angry"]), tmp_path / "model.skops")
    process = subprocess.run(
        [sys.executable, "-c", CODE, path], capture_output=True, text=True, check=True
    )
    # and a later import finds it
    assert process.stdout.split() == ["angry", "False", "True"]
