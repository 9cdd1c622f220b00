package io.dfc.bench;

import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.ElementType;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The reference backend, for a number of networks at once and without a measurement of its peak;
 * for tests.
 */
public final class SeveralNetworks implements Backend, ReplicaTraining {
    private final Backend one =
            Backends.discover().select("reference", BackendOptions.defaults(), List.of()).backend();
    private final int most;
    private final List<Integer> compiled = new ArrayList<>();

    /**
     * Opens it.
     *
     * @param most largest number of networks that it says it takes
     */
    public SeveralNetworks(int most) {
        this.most = most;
    }

    /** {@return how many networks were compiled at a time} */
    public List<Integer> compiled() {
        return List.copyOf(compiled);
    }

    @Override
    public String name() {
        return one.name();
    }

    @Override
    public Device device() {
        return one.device();
    }

    @Override
    public ElementType computeType() {
        return one.computeType();
    }

    @Override
    public int threads() {
        return one.threads();
    }

    @Override
    public Support supports(Plan plan) {
        return one.supports(plan);
    }

    @Override
    public Support supports(Plan plan, int count) {
        return count > most ? new Support.Declined("too many") : one.supports(plan);
    }

    @Override
    public Engine compile(Plan plan) {
        compiled.add(1);
        return one.compile(plan);
    }

    @Override
    public List<Engine> compileReplicas(Plan plan, int count) {
        compiled.add(count);
        return Stream.generate(() -> one.compile(plan)).limit(count).toList();
    }

    @Override
    public void close() {
        one.close();
    }
}
