"""The controlled loop of DFC in PyTorch: in place, and as expressions that a compiler fuses.

Neurons are rows and samples columns, so that the neurons of a layer lie together and one product
drives all layers. With several seeds, every tensor has a leading dimension for the network.
"""

from typing import NamedTuple

import torch

TARGET_STEP = 0.0779
GAIN = 2.0
LEAKAGE = 0.00139
TIME_STEP = 0.02
TIME_CONSTANT = 0.2
RATE = TIME_STEP / TIME_CONSTANT


class Case(NamedTuple):
    """What is run."""

    sizes: tuple
    batch: int
    seeds: int
    steps: int
    continuous: bool


class Network(NamedTuple):
    """Parameters: a matrix and a bias column per layer, feedback weights of all layers stacked."""

    weights: list
    biases: list
    feedback: torch.Tensor


class Problem:
    """Random parameters and samples, the same for every form and device."""

    def __init__(self, case, device, dtype, biased=False):
        self.case = case
        self.device = device
        self.dtype = dtype
        random = torch.Generator().manual_seed(42)

        def draw(function, *shape):
            return function(*lead(case), *shape, generator=random, dtype=torch.float64)

        def settled(tensor):
            return tensor.to(dtype).contiguous()

        weights, biases = [], []
        for inputs, outputs in zip(case.sizes, case.sizes[1:]):
            weights.append(draw(torch.randn, outputs, inputs) * (2 / (inputs + outputs)) ** 0.5)
            biases.append(draw(torch.randn, outputs, 1) * (0.1 if biased else 0.0))
        # Products of the forward weights, with which the loop is stable.
        feedback = [torch.eye(case.sizes[-1], dtype=torch.float64).expand(*lead(case), -1, -1)]
        for matrix in reversed(weights[1:]):
            feedback.insert(0, matrix.mT @ feedback[0])
        self.network = Network(
            [settled(w).to(device) for w in weights],
            [settled(b).to(device) for b in biases],
            settled(torch.cat(feedback, dim=-2)).to(device),
        )
        labels = torch.randint(case.sizes[-1], (*lead(case), case.batch), generator=random)
        classes = torch.nn.functional.one_hot(labels, case.sizes[-1])
        self.host_inputs = settled(draw(torch.rand, case.sizes[0], case.batch))
        self.host_classes = settled(classes.mT)
        if device.type == "cuda":
            self.host_inputs = self.host_inputs.pin_memory()
            self.host_classes = self.host_classes.pin_memory()

    def zeros(self, *shape):
        return torch.zeros(*shape, dtype=self.dtype, device=self.device)


def lead(case):
    """Leading dimensions: the networks, if there are several."""
    return (case.seeds,) if case.seeds > 1 else ()


def add_product(out, left, right, base=None, beta=1.0, alpha=1.0):
    """out = beta * base + alpha * left @ right; base is out itself unless given."""
    function = torch.addmm if out.dim() == 2 else torch.baddbmm
    function(out if base is None else base, left, right, beta=beta, alpha=alpha, out=out)


def nudged(output, classes, batch):
    """The target: a step from the output against the gradient of the mean cross-entropy."""
    return output - TARGET_STEP / batch * (torch.softmax(output, dim=-2) - classes)


class Loop:
    """A minibatch in parts; subclasses hold the state of the simulation."""

    def __init__(self, problem):
        case = problem.case
        self.problem = problem
        self.case = case
        self.depth = len(case.sizes) - 1
        self.inputs = problem.zeros(*lead(case), case.sizes[0], case.batch)
        self.classes = problem.zeros(*lead(case), case.sizes[-1], case.batch)
        self.target = torch.zeros_like(self.classes)
        self.weight_gradients = [torch.zeros_like(w) for w in problem.network.weights]
        self.bias_gradients = [torch.zeros_like(b) for b in problem.network.biases]
        self.norm = problem.zeros(())
        # The gradient of a mean over samples and, for DFC, over all time points.
        points = case.steps + 1 if case.continuous else 1
        self.factor = -2.0 / (case.batch * points)

    def upload(self):
        self.inputs.copy_(self.problem.host_inputs, non_blocking=True)
        self.classes.copy_(self.problem.host_classes, non_blocking=True)

    def start(self):
        """The feedforward pass and the state before the first step."""
        raise NotImplementedError

    def step(self):
        raise NotImplementedError

    def finish(self):
        """The update and its norm."""
        raise NotImplementedError

    def run(self):
        self.upload()
        self.start()
        for _ in range(self.case.steps):
            self.step()
        self.finish()
        return self.norm.item()

    def update(self):
        return [g.clone() for g in self.weight_gradients + self.bias_gradients]


class InPlaceLoop(Loop):
    """The loop with every result in a buffer allocated before: for eager and CUDA graphs."""

    def __init__(self, problem):
        super().__init__(problem)
        case, zeros = self.case, problem.zeros
        network = problem.network
        outputs, neurons = case.sizes[-1], sum(case.sizes[1:])
        ends = [sum(case.sizes[1 : i + 1]) for i in range(1, self.depth + 1)]
        rows = [slice(end - size, end) for size, end in zip(case.sizes[1:], ends)]

        # Voltages with control and without it, one behind the other, and the rates of both.
        voltages = zeros(2, *lead(case), neurons, case.batch)
        rates = zeros(2, *lead(case), neurons - outputs, case.batch)
        self.both_voltages = [voltages[..., r, :] for r in rows]
        self.both_rates = [rates[..., r, :] for r in rows[:-1]]
        self.all_voltages = voltages[0]
        self.voltages = [b[0] for b in self.both_voltages]
        self.basal = [b[1] for b in self.both_voltages]
        self.rates = [b[0] for b in self.both_rates]
        self.basal_rates = [b[1] for b in self.both_rates]
        self.presynaptic = [r.mT for r in [self.inputs, *self.rates]]
        self.output = self.voltages[-1]

        self.all_differences = torch.zeros_like(self.all_voltages)
        self.all_sums = torch.zeros_like(self.all_voltages)
        self.differences = [self.all_differences[..., r, :] for r in rows]
        self.sums = [self.all_sums[..., r, :] for r in rows]

        self.error = torch.zeros_like(self.target)
        self.leaked = torch.zeros_like(self.target)
        self.integral = torch.zeros_like(self.target)
        if case.continuous:
            self.feedback = network.feedback
            self.control = torch.zeros_like(self.target)
            self.signal = self.control
        else:
            # A constant signal carries the biases above the first layer, without a kernel more.
            bias = torch.cat([torch.zeros_like(network.biases[0]), *network.biases[1:]], dim=-2)
            self.feedback = torch.cat([network.feedback, bias], dim=-1)
            self.signal = zeros(*lead(case), outputs + 1, case.batch)
            self.signal[..., outputs:, :] = 1
            self.control = self.signal[..., :outputs, :]

    def start(self):
        rates = self.inputs
        for i in range(self.depth):
            self.drive(i, rates)
            self.voltages[i].copy_(self.basal[i])
            if i < self.depth - 1:
                torch.tanh(self.basal[i], out=self.basal_rates[i])
                rates = self.basal_rates[i]
        self.target.copy_(nudged(self.output, self.classes, self.case.batch))
        self.control.zero_()
        self.integral.zero_()
        self.all_sums.zero_()
        for gradient in self.weight_gradients:
            gradient.zero_()

    def drive(self, i, rates):
        """The voltage that the layer below alone would give."""
        network = self.problem.network
        add_product(self.basal[i], network.weights[i], rates, base=network.biases[i])

    def step(self):
        self.advance_controller()
        add_product(self.all_voltages, self.feedback, self.signal, beta=1 - RATE, alpha=RATE)
        if self.case.continuous:
            self.advance_and_accumulate()
        else:
            self.advance()

    def advance_controller(self):
        torch.sub(self.target, self.output, out=self.error)
        torch.sub(self.error, self.control, alpha=LEAKAGE, out=self.leaked)
        self.integral.add_(self.leaked, alpha=TIME_STEP)
        torch.add(self.integral, self.error, alpha=GAIN, out=self.control)

    def advance(self):
        # W_1 x does not change.
        self.voltages[0].add_(self.basal[0], alpha=RATE)
        for i in range(1, self.depth):
            torch.tanh(self.voltages[i - 1], out=self.rates[i - 1])
            add_product(
                self.voltages[i], self.problem.network.weights[i], self.rates[i - 1], alpha=RATE
            )

    def advance_and_accumulate(self):
        for i in range(self.depth):
            if i > 0:
                self.drive(i, self.rates[i - 1])
            self.voltages[i].add_(self.basal[i], alpha=RATE)
            self.compare(i)
            if i > 0:
                add_product(self.weight_gradients[i], self.differences[i], self.presynaptic[i])
        self.all_sums.add_(self.all_differences)

    def compare(self, i):
        """What control changes in the rates of a layer."""
        if i == self.depth - 1:
            torch.sub(self.voltages[i], self.basal[i], out=self.differences[i])
            return
        if i == 0:
            torch.tanh(self.voltages[i], out=self.rates[i])
        else:
            torch.tanh(self.both_voltages[i], out=self.both_rates[i])
        torch.sub(self.rates[i], self.basal_rates[i], out=self.differences[i])

    def finish(self):
        if self.case.continuous:
            # The first layer's input does not change: one product with the sum over time.
            add_product(self.weight_gradients[0], self.sums[0], self.presynaptic[0])
            for gradient in self.weight_gradients:
                gradient.mul_(self.factor)
        else:
            for i in range(self.depth):
                if i > 0:
                    self.drive(i, self.rates[i - 1])
                self.compare(i)
                add_product(
                    self.weight_gradients[i],
                    self.differences[i],
                    self.presynaptic[i],
                    beta=0.0,
                    alpha=self.factor,
                )
        sums = self.sums if self.case.continuous else self.differences
        for gradient, total in zip(self.bias_gradients, sums):
            gradient.copy_(total.sum(dim=-1, keepdim=True).mul_(self.factor))
        self.norm.copy_(self.weight_gradients[0].norm())


class ExpressionLoop(Loop):
    """The loop as plain expressions, for torch.compile; uncompiled, what --check trusts."""

    def __init__(self, problem):
        super().__init__(problem)
        rows = [b.shape for b in problem.network.biases]
        self.voltages = [problem.zeros(*r[:-1], self.case.batch) for r in rows]
        self.sums = [torch.zeros_like(v) for v in self.voltages]
        self.first = torch.zeros_like(self.voltages[0])
        self.control = torch.zeros_like(self.target)
        self.integral = torch.zeros_like(self.target)
        self.function = expression_step

    def start(self):
        network = self.problem.network
        rates = self.inputs
        for i, v in enumerate(self.voltages):
            v.copy_(network.weights[i] @ rates + network.biases[i])
            rates = torch.tanh(v)
        self.first.copy_(self.voltages[0])
        self.target.copy_(nudged(self.voltages[-1], self.classes, self.case.batch))
        for state in (self.control, self.integral, *self.sums, *self.weight_gradients):
            state.zero_()

    def step(self):
        self.function(
            self.problem.network,
            self.target,
            self.first,
            self.voltages,
            self.control,
            self.integral,
            self.sums if self.case.continuous else None,
            self.weight_gradients,
        )

    def finish(self):
        network, gradients = self.problem.network, self.weight_gradients
        if self.case.continuous:
            gradients[0].copy_(self.sums[0] @ self.inputs.mT)
        else:
            rates = self.inputs
            for i, v in enumerate(self.voltages):
                basal = network.weights[i] @ rates + network.biases[i]
                hidden = i < self.depth - 1
                self.sums[i].copy_(torch.tanh(v) - torch.tanh(basal) if hidden else v - basal)
                gradients[i].copy_(self.sums[i] @ rates.mT)
                rates = torch.tanh(v)
        for gradient in gradients:
            gradient.mul_(self.factor)
        for gradient, total in zip(self.bias_gradients, self.sums):
            gradient.copy_(self.factor * total.sum(dim=-1, keepdim=True))
        self.norm.copy_(gradients[0].norm())


def expression_step(network, target, first, voltages, control, integral, sums, gradients):
    """One Euler step; with sums also the update of DFC above the first layer."""
    error = target - voltages[-1]
    new_integral = integral + TIME_STEP * (error - LEAKAGE * control)
    new_control = new_integral + GAIN * error
    apical = network.feedback @ new_control
    start, rates = 0, None
    for i, old in enumerate(voltages):
        end = start + old.shape[-2]
        basal = first if i == 0 else network.weights[i] @ rates + network.biases[i]
        new = old + RATE * (basal + apical[..., start:end, :] - old)
        hidden = i < len(voltages) - 1
        new_rates = torch.tanh(new) if hidden else new
        if sums is not None:
            difference = new_rates - (torch.tanh(basal) if hidden else basal)
            sums[i].add_(difference)
            if i > 0:
                gradients[i].add_(difference @ rates.mT)
        old.copy_(new)
        start, rates = end, new_rates
    control.copy_(new_control)
    integral.copy_(new_integral)
