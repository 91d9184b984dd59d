"""Classical classifiers as ready pipelines: support vector machine and boosted trees."""

from sk_ser.classifiers._svm import CalibratedSVC, make_svm
from sk_ser.classifiers._xgboost import XGBoostClassifier, make_xgboost

__all__ = ["CalibratedSVC", "XGBoostClassifier", "make_svm", "make_xgboost"]
