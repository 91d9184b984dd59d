"""Emotions in a stream: a file played in real time, or the microphone.

    python examples/streaming.py                      # synthetic speech, in real time
    python examples/streaming.py --fast               # synthetic speech, as fast as possible
    python examples/streaming.py call.wav --model sk-ser-results/ravdess/svm.joblib
    python examples/streaming.py --microphone         # with the extra `microphone`

The model is a file of `joblib.dump` and has probabilities. Without --model, an SVM is trained on
synthetic speech first.
"""

import time
from itertools import count

import joblib
import numpy as np
from _arguments import existing, make_parser

from sk_ser.audio import decode_chunks
from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import make_front_end
from sk_ser.recognition import StreamingPredictor, microphone

RATE, CHUNK = 16_000, 0.1
EMOTIONS = ("anger", "neutral", "sadness")


def synthetic_call():
    """Synthesise an unseen speaker whose emotion goes from neutral to anger to sadness."""
    voice = make_emotional_speech(1, 2, EMOTIONS, random_state=7)
    spoken = {emotion: voice.target == emotion for emotion in ("neutral", "anger", "sadness")}
    clips = [voice.data[i] for said in spoken.values() for i in np.flatnonzero(said)]
    samples = np.concatenate([np.asarray(clip) for clip in clips])
    size = round(CHUNK * RATE)
    return (samples[start : start + size] for start in range(0, len(samples), size)), RATE


def play(chunks):
    """Yield each chunk at the time at which it would have been recorded."""
    begin = time.monotonic()
    for number, chunk in zip(count(1), chunks):
        time.sleep(max(0.0, begin + number * CHUNK - time.monotonic()))
        yield chunk


def train():
    print("training an SVM on synthetic speech ...")
    speech = make_emotional_speech(4, 5, EMOTIONS, random_state=0)
    return make_svm(make_front_end(), probability=True).fit(speech.data, speech.target)


if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("recording", nargs="?", type=existing, help="default: synthetic speech")
    parser.add_argument("--microphone", action="store_true", help="record with the microphone")
    parser.add_argument("--fast", action="store_true", help="not in real time")
    parser.add_argument("--model", type=existing, help="file of joblib.dump")
    options = parser.parse_args()
    model = joblib.load(options.model) if options.model else train()

    if options.microphone:
        chunks, rate = microphone(RATE, seconds=CHUNK), RATE
    elif options.recording:
        chunks, rate = decode_chunks(options.recording, CHUNK)
    else:
        chunks, rate = synthetic_call()
    if not options.fast and not options.microphone:
        chunks = play(chunks)

    predictor = StreamingPredictor(model, window=2.0, hop=0.5, sampling_rate=rate)
    for one in predictor.stream(chunks):
        share = 0.0 if one.emotion is None else one.smoothed.max()
        print(f"{one.end:6.1f} s  {one.emotion!s:10} {'█' * round(30 * share)}", flush=True)
