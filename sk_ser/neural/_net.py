"""skorch's net with masks, clip weights and mixed precision."""

import copy
from contextlib import suppress

import numpy as np
import skorch
import torch

from sk_ser.neural._batches import Batches, Sequences
from sk_ser.neural._callbacks import StopTraining


class SoftCrossEntropy(torch.nn.Module):
    """Cross-entropy against weighted shares of the classes, smoothed [1]_.

    Parameters
    ----------
    label_smoothing : float, default=0.0
        Share of each clip's weight that is spread over all classes.

    References
    ----------
    .. [1] C. Szegedy et al., "Rethinking the Inception architecture", CVPR 2016,
       section 7.
    """

    def __init__(self, label_smoothing=0.0):
        super().__init__()
        self.label_smoothing = label_smoothing

    def forward(self, logits, targets):
        """Average over clips; `targets` are (n_clips, n_classes) and sum to a clip's weight."""
        spread = targets.sum(dim=1, keepdim=True) / targets.shape[1]
        targets = targets + self.label_smoothing * (spread - targets)
        return -(targets * torch.log_softmax(logits, dim=1)).sum() / len(targets)


class Net(skorch.NeuralNet):
    """skorch net that is trained on :class:`Batches`.

    Parameters
    ----------
    max_grad_norm : float or None, default=None
        Gradients with a larger Euclidean norm are scaled down to it.
    mixed_precision : bool, default=False
        Whether a CUDA device computes in half precision where this is safe.
    **params
        As skorch takes them.
    """

    def __init__(self, *args, max_grad_norm=None, mixed_precision=False, **params):
        super().__init__(*args, **params)
        self.max_grad_norm = max_grad_norm
        self.mixed_precision = mixed_precision

    def get_default_callbacks(self):
        """Return no callbacks: the classifiers add their own."""
        return []

    def infer(self, x, **fit_params):
        """Compute logits of padded sequences and their lengths."""
        (values, lengths), half = x, self._half()
        kind = torch.device(self.device).type
        with torch.autocast(kind, dtype=half, enabled=half is not None):
            logits = self.module_(values.to(self.device, non_blocking=True), lengths)
        return logits if logits.dtype == torch.float64 else logits.float()

    def train_step(self, batch, **fit_params):
        """Train on one batch."""
        self.module_.train()
        x, targets = batch
        self.optimizer_.zero_grad(set_to_none=True)
        logits = self.infer(x)
        loss = self.get_loss(logits, targets)
        scaler = self._scaler()
        scaler.scale(loss).backward()
        if self.max_grad_norm is not None:
            scaler.unscale_(self.optimizer_)
            torch.nn.utils.clip_grad_norm_(self.module_.parameters(), self.max_grad_norm)
        scaler.step(self.optimizer_)
        scaler.update()
        return {"loss": loss, "y_pred": logits.detach()}

    def run(self, data):
        """Train for all epochs, or until a callback stops training."""
        self.notify("on_train_begin", X=data, y=None)
        with suppress(StopTraining):
            self.fit_loop(data)
        self.notify("on_train_end", X=data, y=None)

    def continue_from(self, other):
        """Copy weights, optimiser and history of another net; the learning rate starts again."""
        self.module_.load_state_dict(other.module_.state_dict())
        self.optimizer_.load_state_dict(other.optimizer_.state_dict())
        for group in self.optimizer_.param_groups:
            group["lr"] = self.lr
        self.history = copy.deepcopy(other.history)

    def move(self, device):
        """Move weights and optimiser to a device, and return self."""
        if self.device != device:
            self.module_.to(device)
            # this moves its tensors to the device of the weights
            self.optimizer_.load_state_dict(self.optimizer_.state_dict())
            self.device = device
        return self

    def probabilities(self, items, batch_size):
        """Predict the classes' probabilities, in the order of the items."""
        dtype = next(self.module_.parameters()).dtype
        batches = Batches(Sequences(items, dtype=dtype), batch_size)
        self.module_.eval()
        with torch.inference_mode():
            parts = [torch.softmax(self.infer(x), dim=1).cpu().numpy() for x, _ in batches]
        result = np.empty((len(items), parts[0].shape[1]), parts[0].dtype)
        result[np.concatenate(batches.rows())] = np.concatenate(parts)
        return result

    def _half(self):
        """Choose bfloat16 where a GPU has it, otherwise float16; None for single precision."""
        if not self.mixed_precision or torch.device(self.device).type != "cuda":
            return None
        return torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float16

    def _scaler(self):
        """Return the scaler of the loss, which keeps small gradients in float16 from becoming 0."""
        if not hasattr(self, "scaler_"):
            self.scaler_ = torch.amp.GradScaler("cuda", enabled=self._half() is torch.float16)
        return self.scaler_
