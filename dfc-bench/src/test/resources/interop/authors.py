"""A network whose parameters are kept and named as the authors' programs do, saved by torch.save, and what it says."""
import json
import sys

import torch

kind, path = sys.argv[1:]
torch.manual_seed(1)
sizes = [4, 7, 5, 3]


class Layer(torch.nn.Module):
    def __init__(self, inputs, units, outputs, named):
        super().__init__()
        self._weights = torch.nn.Parameter(torch.randn(units, inputs, dtype=torch.float64) / inputs**0.5)
        self._bias = torch.nn.Parameter(torch.randn(units, dtype=torch.float64))
        back = torch.randn(units, outputs, dtype=torch.float64)
        if named:
            self._weights_backward = torch.nn.Parameter(back)
        else:
            # No parameter and no buffer: not in state_dict().
            self._feedback_weights = back

    def forward(self, x):
        return x @ self._weights.T + self._bias


class Network(torch.nn.Module):
    def __init__(self, name, named):
        super().__init__()
        layers = [Layer(i, n, sizes[-1], named) for i, n in zip(sizes, sizes[1:])]
        setattr(self, name, torch.nn.ModuleList(layers))
        self.all = lambda: getattr(self, name)

    def forward(self, x):
        for layer in self.all()[:-1]:
            x = torch.tanh(layer(x))
        return self.all()[-1](x)


if kind == "dfc":
    net = Network("_layers", False)
    state = net.state_dict()
    for i, layer in enumerate(net._layers):
        state[f"_layers.{i}._feedback_weights"] = layer._feedback_weights
elif kind == "strong":
    net = Network("layers", True)
    state = net.state_dict()
else:
    # As in its checkpoints, with the biases that they leave out.
    net = Network("layers", True)
    state = {"state_dict": {
        "forward_weights": [l._weights.data for l in net.layers],
        "feedback_weights": [l._weights_backward.data for l in net.layers],
        "biases": [l._bias.data for l in net.layers],
    }, "train_loss": 0.5}
torch.save(state, path)
x = torch.randn(6, sizes[0], dtype=torch.float64)
print(json.dumps({"x": x.tolist(), "y": net(x).tolist()}))
