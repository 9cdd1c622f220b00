package org.example.plain;

import module io.dfc.api;

import io.dfc.api.tensor.ElementType;

/** Says what it runs, and hands out engines behind a guard that checks all that is asked of them. */
record PlainBackend(String name, Device device, UseGuard guard) implements Backend {
    @Override public ElementType computeType() { return ElementType.F64; }
    @Override public int threads() { return 1; }
    @Override public void close() { guard.close(); }

    @Override
    public Support supports(Plan plan) {
        if (plan.precision() != Precision.FULL) {
            return new Support.Declined("it does not round weights");
        }
        for (PhaseHandle phase : plan.phases()) {
            if (!(phase instanceof LoopHandle loop
                    && loop.phase().solver() instanceof Solver.Linearized
                    && loop.phase().plasticities().stream()
                            .allMatch(p -> p.clipping() instanceof Clipping.None))) {
                return new Support.Declined(
                        "it runs linearised steady states without clipping, not phase " + phase);
            }
        }
        boolean plain = plan.optimizers().stream()
                .allMatch(o -> o.optimization().optimizer().equals(new Optimizer.Sgd(0)));
        return plain ? new Support.Supported()
                : new Support.Declined("it steps by gradient descent without momentum alone");
    }

    @Override
    public Engine compile(Plan plan) {
        guard.requireSupported(supports(plan));
        return guard.engine(plan, computeType(), new PlainEngine(plan));
    }
}
