"""Watch what a computation allocates, tensor by tensor or byte by byte."""

import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class NewTensors(TorchDispatchMode):
    """Records the bytes of every tensor that is not made of memory that was there before."""

    def __init__(self):
        super().__init__()
        self.sizes = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        there = {t.untyped_storage().data_ptr() for t in tensors((args, kwargs))}
        new = {
            t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors(result)
        }
        self.sizes += [nbytes for pointer, nbytes in new.items() if pointer not in there]
        return result

    def at_least(self, nbytes):
        """Sizes that are at least that large, and forget all."""
        large = [size for size in self.sizes if size >= nbytes]
        self.sizes.clear()
        return large


def tensors(tree):
    """All tensors in nested arguments."""
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]


def peak_bytes(compute):
    """The most that was allocated at a time, libraries' buffers in torch's memory included."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True, acc_events=True) as seen:
        compute()
    events = [e for e in seen.profiler.kineto_results.events() if e.name() == "[memory]"]
    held = peak = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        held += event.nbytes()
        peak = max(peak, held)
    return peak


def kept_bytes(net, data):
    """Run forward; return bytes that autograd keeps beside parameters, data and mask."""
    own = {p.untyped_storage().data_ptr() for p in (*net.parameters(), data)}
    seen = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            seen[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        logits = net(data)
    assert logits.grad_fn is not None
    return sum(nbytes for nbytes, _ in seen.values())
