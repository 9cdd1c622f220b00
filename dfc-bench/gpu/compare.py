#!/usr/bin/env python3
"""Times the controlled loop of DFC in PyTorch, on the network of `./dfc bench --network mnist`.

One minibatch is what it is there: inputs from the host, the feedforward pass, the simulation, the
update, and one gradient norm read back; no optimiser step. There are three forms: eager, blocks of
steps replayed as CUDA graphs, and torch.compile. The result is a table, and with --json a file
that `./dfc bench --compare` reads.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time

try:
    import torch
except ImportError as error:
    sys.exit(f"compare.py: this Python has no PyTorch ({error}); install the package torch")

from loop import Case, ExpressionLoop, InPlaceLoop, Problem, expression_step

SIZES = (784, 256, 256, 256, 10)

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
