"""Watch what a computation allocates, tensor by tensor or byte by byte."""

import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class NewTensors(TorchDispatchMode):
    """Records the bytes of large tensors that are not made of memory that was there before.

    Parameters
    ----------
    least : int
        Bytes from which a tensor counts.
    """

    def __init__(self, least):
        super().__init__()
        self.least = least
        self.sizes = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        large = {pointer: size for pointer, size in memory(result) if size >= self.least}
        if large:
            there = {pointer for pointer, _ in memory((args, kwargs))}
            self.sizes += [size for pointer, size in large.items() if pointer not in there]
        return result

    def seen(self):
        """Sizes since the last call."""
        sizes, self.sizes = self.sizes, []
        return sizes


def memory(tree):
    """Address and size of the memory of all tensors in nested arguments."""
    tensors = [leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]
    storages = [tensor.untyped_storage() for tensor in tensors if not tensor.is_meta]
    return [(storage.data_ptr(), storage.nbytes()) for storage in storages]


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
