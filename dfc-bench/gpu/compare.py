#!/usr/bin/env python3
"""Times the controlled loop of DFC in PyTorch, on the network of `./dfc bench --network mnist`.

One minibatch is what it is there: inputs from the host, the feedforward pass, the simulation, the
update, and one gradient norm read back; no optimiser step. There are three forms: eager, blocks of
steps replayed as CUDA graphs, and torch.compile. The result is a table, and with --json a file
that `./dfc bench --compare` reads.

Neurons are rows and samples columns, so that the neurons of a layer lie together and one product
drives all layers. With several seeds, every tensor has a leading dimension for the network.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from typing import NamedTuple

try:
    import torch
except ImportError as error:
    sys.exit(f"compare.py: this Python has no PyTorch ({error}); install the package torch")

SIZES = (784, 256, 256, 256, 10)
TARGET_STEP = 0.0779
GAIN = 2.0
LEAKAGE = 0.00139
TIME_STEP = 0.02
TIME_CONSTANT = 0.2
RATE = TIME_STEP / TIME_CONSTANT

WORKLOADS = ("dfc-ss/euler", "dfc/euler")
FORMS = ("eager", "graph", "compile")

STEPS_PER_GRAPH = 50
WARM_UP_RUNS = 2
WARM_UP_SECONDS = 1.0
PEAK_PRODUCTS = 5

CHECK_SIZES = (7, 6, 5, 4)
CHECK_BATCH = 3
CHECK_STEPS = 73
CHECK_LIMIT = 1e-4


class Unavailable(Exception):
    """A form that cannot run here, with the reason."""


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


def replayed(loop):
    """Captures the parts of a loop as CUDA graphs; returns what runs a minibatch."""
    blocks, rest = divmod(loop.case.steps, STEPS_PER_GRAPH)

    def steps(count):
        for _ in range(count):
            loop.step()

    loop.upload()
    start = captured(loop.start)
    block = captured(lambda: steps(STEPS_PER_GRAPH)) if blocks else None
    remainder = captured(lambda: steps(rest)) if rest else None
    finish = captured(loop.finish)

    def run():
        loop.upload()
        start.replay()
        for _ in range(blocks):
            block.replay()
        if remainder:
            remainder.replay()
        finish.replay()
        return loop.norm.item()

    return run


def captured(work):
    """A CUDA graph of some work, which first runs once outside so that libraries are ready."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        work()
    torch.cuda.current_stream().wait_stream(stream)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph


def prepared(form, problem):
    """A loop in one of the forms, and what runs a minibatch of it."""
    on_gpu = problem.device.type == "cuda"
    if form == "eager":
        loop = InPlaceLoop(problem)
        return loop, loop.run
    if form == "graph":
        if not on_gpu:
            raise Unavailable("CUDA graphs need a CUDA device")
        loop = InPlaceLoop(problem)
        return loop, replayed(loop)
    if not hasattr(torch, "compile"):
        raise Unavailable(f"PyTorch {torch.__version__} has no torch.compile")
    loop = ExpressionLoop(problem)
    loop.function = torch.compile(expression_step, dynamic=False, fullgraph=True)
    # On a GPU the compiled steps are replayed too, or Python's overhead would be measured.
    return loop, replayed(loop) if on_gpu else loop.run


def attempt(function, form, *arguments):
    """Calls a function for a form; what the form lacks, or how it fails, becomes the reason."""
    try:
        return function(form, *arguments)
    except Unavailable:
        raise
    except Exception as e:  # torch.compile and CUDA fail with exceptions of many types.
        message = f"{type(e).__name__}: {(str(e).strip() or 'no message').splitlines()[0]}"
        if form == "eager":
            fail(f"the loop in eager mode fails: {message}")
        raise Unavailable(message) from e


def timed(run, device):
    """Seconds of one run."""
    if device.type != "cuda":
        begin = time.perf_counter()
        run()
        return time.perf_counter() - begin
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    torch.cuda.synchronize()
    begin.record()
    run()
    end.record()
    torch.cuda.synchronize()
    return begin.elapsed_time(end) / 1e3


def warm_up(run, device):
    begin, runs = time.perf_counter(), 0
    while runs < WARM_UP_RUNS or time.perf_counter() - begin < WARM_UP_SECONDS:
        timed(run, device)
        runs += 1


def median_seconds(form, case, device, runs):
    """Seconds of a minibatch once warm."""
    _, run = prepared(form, Problem(case, device, torch.float32))
    warm_up(run, device)
    return statistics.median(timed(run, device) for _ in range(runs))


def operations(case):
    """Operations as dfc-bench/README.md counts them."""
    weights = [m * n for m, n in zip(case.sizes, case.sizes[1:])]
    upper, everything = sum(weights[1:]), sum(weights)
    apical = sum(case.sizes[1:]) * case.sizes[-1]
    two = 2.0 * case.batch * case.seeds
    if case.continuous:
        return two * (everything + case.steps * (2 * upper + apical) + weights[0])
    return two * (everything + case.steps * (upper + apical) + everything)


def measured_peak(device):
    """The best rate of a large square product, in 10^9 operations per second."""
    size = 8192 if device.type == "cuda" else 1024
    left, right = (torch.rand(size, size, device=device) for _ in range(2))
    out = torch.empty_like(left)

    def run():
        torch.mm(left, right, out=out)

    warm_up(run, device)
    return 2e-9 * size**3 / min(timed(run, device) for _ in range(PEAK_PRODUCTS))


def require_float32(device):
    """Fails where products are rounded to TF32 in spite of what was asked for."""
    random = torch.Generator().manual_seed(1)
    left, right = (torch.rand(256, 256, generator=random).to(device) for _ in range(2))
    exact = left.double() @ right.double()
    error = ((left @ right - exact).norm() / exact.norm()).item()
    if error > 1e-5:
        fail(f"products are not in float32 (relative error {error:.1e}); is TF32 forced on?")


def device_name(device):
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU, {platform.machine()}"


def measure(options, device):
    """Measures every form of every workload; returns the report."""
    require_float32(device)
    peak = measured_peak(device)
    threads = 1 if device.type == "cuda" else torch.get_num_threads()
    network = "mnist" if options.seeds == 1 else f"{options.seeds} x mnist"
    rows, skipped = [], []
    for form in options.forms:
        for workload in options.workloads:
            case = Case(SIZES, options.batch, options.seeds, options.steps, workload == "dfc/euler")
            try:
                seconds = attempt(median_seconds, form, case, device, options.runs)
            except Unavailable as e:
                print(f"skipped: pytorch-{form} {workload}: {e}", file=sys.stderr)
                skipped.append({"network": network, "workload": workload, "reason": f"{form}: {e}"})
                continue
            gflops = operations(case) / seconds / 1e9
            rows.append(
                {
                    "backend": f"pytorch-{form}",
                    "network": network,
                    "workload": workload,
                    "batch": case.batch,
                    "steps": case.steps,
                    "threads": threads,
                    "seconds_per_minibatch": seconds,
                    "gflops": gflops,
                    "peak_fraction": gflops / peak,
                    "simulated": 0,
                    "error_estimate": 0.0,
                    "runs": options.runs,
                }
            )
    return report(rows, skipped, device, threads, peak)


def report(rows, skipped, device, threads, peak):
    """The report as `./dfc bench --compare` wants it: every workload once, in its fastest form."""
    fastest = {}
    for row in sorted(rows, key=lambda r: r["seconds_per_minibatch"]):
        fastest.setdefault(row["workload"], row)
    best = [fastest[w] for w in WORKLOADS if w in fastest]
    backends = list(dict.fromkeys(row["backend"] for row in best))
    return {
        "version": f"PyTorch {torch.__version__}",
        "cpu": device_name(device),
        "backend": " and ".join(backends) or "pytorch",
        "threads": threads,
        "peak_gflops": peak,
        "workloads": best,
        "forms": rows,
        "declined": [],
        "skipped": skipped,
    }


def print_table(result):
    print(
        f"{result['version']} on {result['cpu']}, a large product in float32 reaches"
        f" {result['peak_gflops']:.0f} GFLOP/s"
    )
    line = "{:<12} {:<14} {:<16} {:>6} {:>6} {:>11} {:>9} {:>10}"
    print(
        line.format("network", "workload", "form", "batch", "steps", "ms", "GFLOP/s", "% of peak")
    )
    for row in result["forms"]:
        print(
            line.format(
                row["network"],
                row["workload"],
                row["backend"],
                row["batch"],
                row["steps"],
                f"{1e3 * row['seconds_per_minibatch']:.4g}",
                f"{row['gflops']:.4g}",
                f"{100 * row['peak_fraction']:.1f}",
            )
        )


def write_json(result, path):
    part = f"{path}.part"
    try:
        with open(part, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)
            file.write("\n")
        os.replace(part, path)
    except OSError as e:
        fail(f"cannot write {path}: {e.strerror}")


def second_update(form, problem):
    """The update of a second run, in which nothing of the first may be left."""
    loop, run = prepared(form, problem)
    run()
    run()
    return loop.update()


def check(options, device):
    """Compares the update of every form with that of plain expressions, in float64."""
    wrong = False
    for seeds in (1, 2):
        for workload in options.workloads:
            case = Case(CHECK_SIZES, CHECK_BATCH, seeds, CHECK_STEPS, workload == "dfc/euler")
            problem = Problem(case, device, torch.float64, biased=True)
            plain = ExpressionLoop(problem)
            plain.run()
            expected = plain.update()
            for form in options.forms:
                name = f"pytorch-{form} {workload}, seeds: {seeds}"
                try:
                    update = attempt(second_update, form, problem)
                except Unavailable as e:
                    print(f"skipped: {name}: {e}")
                    continue
                differences = [relative_difference(u, e) for u, e in zip(update, expected)]
                # What is no number comes first, for max() may overlook it.
                worst = next((d for d in differences if d != d), max(differences))
                agrees = worst <= CHECK_LIMIT
                wrong |= not agrees
                print(f"{'ok' if agrees else 'WRONG'}: {name}: relative difference {worst:.1e}")
    return 1 if wrong else 0


def relative_difference(actual, expected):
    return ((actual - expected).norm() / expected.norm()).item()


def fail(message):
    print(f"compare.py: {message}", file=sys.stderr)
    sys.exit(2)


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text}")
    return number


def parsed(arguments):
    parser = argparse.ArgumentParser(
        prog="compare.py", description="Times the controlled loop of DFC in PyTorch."
    )
    add = parser.add_argument
    add("--device", default="cuda", help="a device of PyTorch; default: cuda")
    add("--workload", dest="workloads", action="append", choices=WORKLOADS, help="repeatable")
    add("--form", dest="forms", action="append", choices=FORMS, help="repeatable")
    add("--batch", type=positive, default=128, help="samples of each network; default: 128")
    add("--steps", type=positive, default=999, help="Euler steps; default: 999")
    add("--seeds", type=positive, default=1, help="networks simulated at once; default: 1")
    add("--runs", type=positive, default=7, help="runs that the median is of; default: 7")
    add("--threads", type=positive, help="threads on a CPU; default: PyTorch's choice")
    add("--json", metavar="FILE", help="write what `./dfc bench --compare` reads")
    add("--check", action="store_true", help="compare the updates of the forms, and time nothing")
    options = parser.parse_args(arguments)
    options.workloads = [w for w in WORKLOADS if w in (options.workloads or WORKLOADS)]
    options.forms = [f for f in FORMS if f in (options.forms or FORMS)]
    return options


def opened(name):
    """The device of that name, or the end of the program."""
    try:
        device = torch.device(name)
    except RuntimeError:
        fail(f'there is no device "{name}"; try cuda, cuda:1 or cpu')
    if device.type not in ("cpu", "cuda"):
        fail(f'expected a device cpu or cuda, got "{name}"')
    if device.type == "cuda":
        if not torch.cuda.is_available():
            fail("PyTorch finds no CUDA device; --device cpu tries the program without one")
        if (device.index or 0) >= torch.cuda.device_count():
            fail(f"there are only {torch.cuda.device_count()} CUDA devices, no {name}")
        torch.cuda.set_device(device.index or 0)
    return device


def main():
    options = parsed(sys.argv[1:])
    device = opened(options.device)
    torch.set_grad_enabled(False)
    torch.set_float32_matmul_precision("highest")
    if options.threads:
        torch.set_num_threads(options.threads)
    if options.check:
        return check(options, device)
    result = measure(options, device)
    print_table(result)
    if options.json:
        write_json(result, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
