"""The short list of types that a model may be made of, beside scikit-learn's estimators.

skops trusts NumPy's arrays, Python's own containers and scikit-learn's public estimators. To be on
this list, making an object of a type with any arguments and setting any of its attributes must
do no more than that: no file is opened, nothing that is named is imported or called.
"""

#: Estimators of this package; a test holds that none is missing.
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
#: What searches and calibrated classifiers hold beside estimators: folds, and how they scored.
AROUND = (
    "numpy.dtype",
    "sk_ser.model_selection._uar.uar_score",
    "sk_ser.model_selection._speaker_folds.SpeakerFolds",
    "sk_ser.model_selection._speaker_sentence_folds.SpeakerSentenceFolds",
    "sk_ser.model_selection._tuning_folds.TuningFolds",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.calibration._TemperatureScaling",
    "sklearn.metrics._classification.accuracy_score",
    "sklearn.metrics._classification.balanced_accuracy_score",
    "sklearn.metrics._classification.f1_score",
    "sklearn.metrics._classification.log_loss",
    "sklearn.metrics._classification.matthews_corrcoef",
    "sklearn.metrics._classification.precision_score",
    "sklearn.metrics._classification.recall_score",
    "sklearn.metrics._ranking.roc_auc_score",
    "sklearn.metrics._scorer._PassthroughScorer",
    "sklearn.metrics._scorer._Scorer",
    "sklearn.model_selection._split.GroupKFold",
    "sklearn.model_selection._split.GroupShuffleSplit",
    "sklearn.model_selection._split.KFold",
    "sklearn.model_selection._split.LeaveOneGroupOut",
    "sklearn.model_selection._split.PredefinedSplit",
    "sklearn.model_selection._split.RepeatedStratifiedKFold",
    "sklearn.model_selection._split.ShuffleSplit",
    "sklearn.model_selection._split.StratifiedGroupKFold",
    "sklearn.model_selection._split.StratifiedKFold",
    "sklearn.model_selection._split.StratifiedShuffleSplit",
    "sklearn.utils._bunch.Bunch",
    "sklearn.utils._metadata_requests.MetadataRequest",
    "sklearn.utils._metadata_requests.MethodMetadataRequest",
)
TRUSTED = ESTIMATORS + AROUND
