"""Callbacks of training: history, best weights, learning rate."""

import copy
import time

import numpy as np
import torch
from skorch.callbacks import Callback, LRScheduler
from tqdm.auto import tqdm

from sk_ser.model_selection import uar_score

#: Names of the schedules of the learning rate.
SCHEDULES = ("one-cycle", "cosine", "plateau", None)


class StopTraining(Exception):  # noqa: N818
    """Ends training early. skorch would also end it on KeyboardInterrupt, which is the user's."""


class Record(Callback):
    """Keep the history, show a progress bar, and raise an error if training diverges.

    Parameters
    ----------
    verbose : bool
        Whether to show a progress bar.
    """

    def __init__(self, verbose):
        self.verbose = verbose

    def on_train_begin(self, net, **kwargs):
        """Open the progress bar."""
        self.bar_ = tqdm(total=net.max_epochs, unit="epoch", disable=not self.verbose)

    def on_epoch_begin(self, net, **kwargs):
        """Start the clock."""
        self.begin_, self.seen_ = time.perf_counter(), {"train": [], "valid": []}

    def on_batch_begin(self, net, batch=None, training=False, **kwargs):
        """Keep the learning rate of the step; a schedule changes it after the step."""
        if training:
            self.rate_ = net.optimizer_.param_groups[0]["lr"]

    def on_batch_end(self, net, batch, training, y_pred, **kwargs):
        """Keep the predictions of the batch."""
        self.seen_["train" if training else "valid"].append((y_pred, batch[1]))

    def on_epoch_end(self, net, **kwargs):
        """Record loss and scores, and raise an error if the loss is not finite."""
        for prefix, batches in self.seen_.items():
            if batches:
                _record_scores(net.history, prefix, batches)
        net.history.record("learning_rate", self.rate_)
        net.history.record("seconds", time.perf_counter() - self.begin_)
        loss = net.history[-1, "train_loss"]
        self.bar_.set_postfix(loss=f"{loss:.3f}", refresh=False)
        self.bar_.update()
        if not np.isfinite(loss):
            raise FloatingPointError(
                f"the loss became {loss} in epoch {len(net.history)}: training diverged. "
                "Scale the input (SequenceScaler), lower learning_rate, or set max_grad_norm."
            )

    def on_train_end(self, net, **kwargs):
        """Close the progress bar and free the predictions."""
        self.bar_.close()
        del self.bar_, self.seen_, self.rate_


def _record_scores(history, prefix, batches):
    sizes = history[-1, "batches", :, f"{prefix}_batch_size"]
    losses = history[-1, "batches", :, f"{prefix}_loss"]
    history.record(f"{prefix}_loss", float(np.average(losses, weights=sizes)))
    predicted = torch.cat([logits for logits, _ in batches]).argmax(dim=1).cpu().numpy()
    target = torch.cat([targets for _, targets in batches]).argmax(dim=1).cpu().numpy()
    history.record(f"{prefix}_accuracy", float(np.mean(predicted == target)))
    if prefix == "valid":
        history.record("valid_uar", float(uar_score(target, predicted)))


class KeepBest(Callback):
    """Stop when the validation loss has not fallen for a while; restore the best weights.

    Parameters
    ----------
    patience : int
        Number of epochs without a lower loss after which training stops.
    """

    def __init__(self, patience):
        self.patience = patience

    def on_train_begin(self, net, **kwargs):
        """Reset."""
        self.least_, self.epoch_, self.weights_ = np.inf, 0, None

    def on_epoch_end(self, net, **kwargs):
        """Compare the loss with the lowest one, and keep the weights if it is lower."""
        loss, epoch = net.history[-1, "valid_loss"], len(net.history)
        if loss < self.least_:
            self.least_, self.epoch_ = loss, epoch
            self.weights_ = copy.deepcopy(net.module_.state_dict())
        elif epoch - self.epoch_ >= self.patience:
            raise StopTraining

    def on_train_end(self, net, **kwargs):
        """Restore the best weights."""
        if self.weights_ is not None:
            net.module_.load_state_dict(self.weights_)
        self.weights_ = None


def make_schedule(name, learning_rate, n_steps, monitor):
    """Make the callback that changes the learning rate during training.

    Parameters
    ----------
    name : {"one-cycle", "cosine", "plateau"} or None
        "one-cycle" rises from a 25th of the rate and falls to nearly 0 [1]_, "cosine" falls
        along a half wave [2]_, "plateau" divides by five when the loss has not fallen for five
        epochs; None keeps the rate constant.
    learning_rate : float
        Highest rate.
    n_steps : int
        Number of batches in all epochs.
    monitor : str
        Loss that "plateau" compares.

    Returns
    -------
    list of Callback
        Empty or of length 1.

    References
    ----------
    .. [1] L. N. Smith and N. Topin, "Super-convergence", 2018, arXiv:1708.07120.
    .. [2] I. Loshchilov and F. Hutter, "SGDR", ICLR 2017, equation 5, without restarts.
    """
    rates = torch.optim.lr_scheduler
    # from the first step, even if a net that continues has a history
    anew = {"last_epoch": -1, "step_every": "batch", "event_name": None}
    if name == "one-cycle":
        # with four steps the rise has length 0, and PyTorch would divide by it
        cycle = {"max_lr": learning_rate, "total_steps": max(5, n_steps), "pct_start": 0.25}
        return [LRScheduler(rates.OneCycleLR, **cycle, **anew)]
    if name == "cosine":
        return [LRScheduler(rates.CosineAnnealingLR, T_max=n_steps, **anew)]
    if name == "plateau":
        plateau = {"monitor": monitor, "factor": 0.2, "patience": 5, "event_name": None}
        return [LRScheduler(rates.ReduceLROnPlateau, **plateau)]
    return []
