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
    "sk_ser.augmentation._augmented_classifier.AugmentedClassifier",
    "sk_ser.augmentation._band_shift.BandShift",
    "sk_ser.augmentation._gain.Gain",
    "sk_ser.augmentation._noise.AddNoise",
    "sk_ser.augmentation._pitch_shift.PitchShift",
    "sk_ser.augmentation._spec_augment.SpecAugment",
    "sk_ser.augmentation._time_shift.TimeShift",
    "sk_ser.augmentation._time_stretch.TimeStretch",
    "sk_ser.classifiers._xgboost.XGBoostClassifier",
    "sk_ser.features._chroma.Chroma",
    "sk_ser.features._clip_pipeline.ClipPipeline",
    "sk_ser.features._delta.Delta",
    "sk_ser.features._frame_average.FrameAverage",
    "sk_ser.features._functionals.Functionals",
    "sk_ser.features._mean_normalizer.MeanNormalizer",
    "sk_ser.features._mel.MelSpectrogram",
    "sk_ser.features._mfcc.MFCC",
    "sk_ser.features._pitch.FundamentalFrequency",
    "sk_ser.features._spectral.SpectralStatistics",
    "sk_ser.features._temporal.RMSEnergy",
    "sk_ser.features._temporal.ZeroCrossingRate",
    "sk_ser.features._union.FrameUnion",
    "sk_ser.neural._cnn.CNNClassifier",
    "sk_ser.neural._dense.DenseClassifier",
    "sk_ser.neural._recurrent.GRUClassifier",
    "sk_ser.neural._recurrent.LSTMClassifier",
    "sk_ser.neural._scaler.SequenceScaler",
)
#: Other parts of searches and calibrated classifiers: splitters and scorers.
AROUND = (
    "numpy.dtype",
    *_named("sk_ser.classifiers._svm", "CalibratedSVC WeightedSVC"),
    "sk_ser.model_selection._uar.uar_score",
    "sk_ser.model_selection._speaker_folds.SpeakerFolds",
    "sk_ser.model_selection._speaker_sentence_folds.SpeakerSentenceFolds",
    "sk_ser.model_selection._tuning_folds.TuningFolds",
    "sk_ser.training._calibrated.CalibratedModel",
    "sk_ser.training._calibrated._GivenDecisions",
    "sk_ser.training._calibrated._GivenProba",
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
