"""Types that a model may be built from, beside scikit-learn's estimators.

skops trusts NumPy's arrays, Python's own containers and scikit-learn's public estimators. A type is
on this list only if creating an object of it with any arguments, and setting any of its attributes,
opens no file and imports or calls nothing by name.
"""


def _named(module, names):
    return tuple(f"{module}.{name}" for name in names.split())


#: Estimators of this package; a test checks that none is missing.
ESTIMATORS = (
    "sk_ser.audio._loader.AudioLoader",
    *_named(
        "sk_ser.augmentation",
        "_augmented_classifier.AugmentedClassifier _sequences.BandShift _sequences.SpecAugment "
        "_speed.PitchShift _speed.TimeStretch _waveform.AddNoise _waveform.Gain "
        "_waveform.TimeShift",
    ),
    *_named("sk_ser.classifiers", "_svm.CalibratedSVC _xgboost.XGBoostClassifier"),
    *_named(
        "sk_ser.features",
        "_balance.SpectralBalance _chroma.Chroma _clip_pipeline.ClipPipeline _delta.Delta "
        "_frame_average.FrameAverage _functionals.Functionals "
        "_mean_normalizer.MeanNormalizer _mel.MelSpectrogram "
        "_mfcc.MFCC _pitch.FundamentalFrequency _spectral.SpectralStatistics "
        "_temporal.RMSEnergy _temporal.ZeroCrossingRate _union.FrameUnion",
    ),
    *_named(
        "sk_ser.neural",
        "_cnn.CNNClassifier _dense.DenseClassifier _recurrent.GRUClassifier "
        "_recurrent.LSTMClassifier _scaler.SequenceScaler",
    ),
)
#: Other parts of searches and calibrated classifiers: splitters and scorers.
AROUND = (
    "numpy.dtype",
    "sk_ser.classifiers._svm.WeightedSVC",
    *_named(
        "sk_ser.model_selection",
        "_uar.uar_score _speaker_folds.SpeakerFolds _speaker_sentence_folds.SpeakerSentenceFolds "
        "_tuning_folds.TuningFolds",
    ),
    *_named("sk_ser.training._calibrated", "CalibratedModel _GivenDecisions _GivenProba"),
    *_named("sklearn.calibration", "_CalibratedClassifier _SigmoidCalibration _TemperatureScaling"),
    *_named(
        "sklearn.metrics._classification",
        "accuracy_score balanced_accuracy_score f1_score log_loss matthews_corrcoef "
        "precision_score recall_score",
    ),
    "sklearn.metrics._ranking.roc_auc_score",
    *_named("sklearn.metrics._scorer", "_PassthroughScorer _Scorer"),
    *_named(
        "sklearn.model_selection._split",
        "GroupKFold GroupShuffleSplit KFold LeaveOneGroupOut PredefinedSplit "
        "RepeatedStratifiedKFold ShuffleSplit StratifiedGroupKFold StratifiedKFold "
        "StratifiedShuffleSplit",
    ),
    "sklearn.utils._bunch.Bunch",
    *_named("sklearn.utils._metadata_requests", "MetadataRequest MethodMetadataRequest"),
)
TRUSTED = ESTIMATORS + AROUND
