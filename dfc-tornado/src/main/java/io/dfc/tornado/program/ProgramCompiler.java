package io.dfc.tornado.program;

import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.support.OperationBuffers;
import io.dfc.tornado.kernel.OperationLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.program.ProgramStage.OperationRecord;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compiles a program into stages. Sums over samples are deferred until a buffer that they read is
 * overwritten, so that most programs are two launches: one of all operations on samples, one of all
 * sums.
 */
final class ProgramCompiler {
    private final ProgramHandle handle;
    private final OperationEncoder encoder;

    /**
     * Operations on samples, then sums, that are in no stage yet; and the buffers that the sums
     * read.
     */
    private List<OperationRecord> samples = new ArrayList<>();

    private List<OperationRecord> totals = new ArrayList<>();
    private final Set<String> pending = new HashSet<>();

    /** Addresses that have been written, so that later sums are added to them. */
    private final Set<Integer> begun = new HashSet<>();

    /** Records that run before all others. */
    private final List<OperationRecord> prelude = new ArrayList<>();

    private List<ProgramStage> stages = new ArrayList<>();

    ProgramCompiler(MemoryLayout layout, ProgramHandle handle) {
        this.handle = handle;
        encoder = new OperationEncoder(layout, handle);
    }

    /** The stages of the program. */
    List<ProgramStage> compile() {
        handle.phase().operations().forEach(this::add);
        flush();
        for (GradientHandle gradient : handle.gradients()) {
            for (OperationRecord clear : encoder.clear(gradient)) {
                if (!begun.contains(clear.integers()[OperationLayout.OUT])) {
                    prelude.add(clear);
                }
            }
        }
        prelude.addAll(encoder.noises());
        if (!prelude.isEmpty()) {
            stages.addFirst(new ProgramStage.SampleSums(List.copyOf(prelude)));
        }
        return List.copyOf(stages);
    }

    private void add(Operation operation) {
        switch (operation) {
            case Operation.OuterInto o -> total(encoder.of(o), o.post(), o.pre());
            case Operation.SumInto s -> total(encoder.of(s), s.post());
            case Operation.NoiseInto n -> total(encoder.of(n), n.scale());
            case Operation.Report r -> total(encoder.of(r), r.in());
            case Operation.Repeat r -> repeat(r);
            default -> {
                if (OperationBuffers.written(operation).stream()
                        .anyMatch(b -> pending.contains(b.name()))) {
                    flush();
                }
                samples.add(encoder.of(operation));
            }
        }
    }

    private void total(OperationRecord record, Buffer... read) {
        boolean adds = !begun.add(record.integers()[OperationLayout.OUT]);
        record.integers()[OperationLayout.ADDS] = adds ? 1 : 0;
        totals.add(record);
        for (Buffer buffer : read) {
            pending.add(buffer.name());
        }
    }

    private void flush() {
        if (!samples.isEmpty()) {
            stages.add(new ProgramStage.SampleOperations(List.copyOf(samples), 1));
        }
        if (!totals.isEmpty()) {
            stages.add(new ProgramStage.SampleSums(List.copyOf(totals)));
        }
        samples = new ArrayList<>();
        totals = new ArrayList<>();
        pending.clear();
    }

    private void repeat(Operation.Repeat repeat) {
        flush();
        List<ProgramStage> outer = stages;
        stages = new ArrayList<>();
        encoder.enterRepetition(repeat);
        // Later rounds add to the sums of the first, so these begin from zero.
        clearTotals(repeat);
        repeat.until().ifPresent(u -> u.states().forEach(s -> samples.add(encoder.copyState(s))));
        repeat.body().forEach(this::add);
        repeat.until().ifPresent(this::addChanges);
        flush();
        List<ProgramStage> body = stages;
        stages = outer;
        encoder.leaveRepetition();
        if (repeat.until().isEmpty()
                && body.size() == 1
                && body.getFirst() instanceof ProgramStage.SampleOperations(var once, int rounds)
                && once.size() <= OperationLayout.MAX_OPERATIONS) {
            stages.add(new ProgramStage.SampleOperations(once, rounds * repeat.times()));
        } else {
            stages.add(new ProgramStage.Repeated(repeat.times(), repeat.until(), body));
        }
    }

    private void clearTotals(Operation.Repeat repeat) {
        for (Operation operation : repeat.body()) {
            encoder.target(operation)
                    .filter(clear -> begun.add(clear.integers()[OperationLayout.OUT]))
                    .ifPresent(prelude::add);
        }
    }

    private void addChanges(Operation.Until until) {
        boolean adds = false;
        for (Buffer state : until.states()) {
            samples.add(encoder.change(state, adds));
            adds = true;
        }
    }
}
