package io.dfc.tornado.program;

import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.support.OperationBuffers;
import io.dfc.tornado.kernel.ProgramSlots;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.program.ProgramStage.Code;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings a program into stages. Sums over samples wait until a buffer that they read is about to be
 * written anew, so that most programs are two launches: one of all that is done with each sample,
 * one of all sums.
 */
final class ProgramCompiler {
    private final ProgramHandle handle;
    private final OperationCodes codes;

    /** Operations on samples, then sums, that no stage has yet; and what the sums read. */
    private List<Code> samples = new ArrayList<>();

    private List<Code> totals = new ArrayList<>();
    private final Set<String> pending = new HashSet<>();

    /** Places that have been written to, so that sums are added to what is there. */
    private final Set<Integer> begun = new HashSet<>();

    /** What is done before all else. */
    private final List<Code> prelude = new ArrayList<>();

    private List<ProgramStage> stages = new ArrayList<>();

    ProgramCompiler(Layout layout, ProgramHandle handle) {
        this.handle = handle;
        codes = new OperationCodes(layout, handle);
    }

    /** The stages of the program. */
    List<ProgramStage> compile() {
        handle.phase().operations().forEach(this::add);
        flush();
        for (GradientHandle gradient : handle.gradients()) {
            for (Code clear : codes.clear(gradient)) {
                if (!begun.contains(clear.whole()[ProgramSlots.OUT])) {
                    prelude.add(clear);
                }
            }
        }
        prelude.addAll(codes.noises());
        if (!prelude.isEmpty()) {
            stages.addFirst(new ProgramStage.Totals(List.copyOf(prelude)));
        }
        return List.copyOf(stages);
    }

    private void add(Operation operation) {
        switch (operation) {
            case Operation.OuterInto o -> total(codes.of(o), o.post(), o.pre());
            case Operation.SumInto s -> total(codes.of(s), s.post());
            case Operation.NoiseInto n -> total(codes.of(n), n.scale());
            case Operation.Report r -> total(codes.of(r), r.in());
            case Operation.Repeat r -> repeat(r);
            default -> {
                if (OperationBuffers.written(operation).stream()
                        .anyMatch(b -> pending.contains(b.name()))) {
                    flush();
                }
                samples.add(codes.of(operation));
            }
        }
    }

    private void total(Code code, Buffer... read) {
        boolean adds = !begun.add(code.whole()[ProgramSlots.OUT]);
        code.whole()[ProgramSlots.ADDS] = adds ? 1 : 0;
        totals.add(code);
        for (Buffer buffer : read) {
            pending.add(buffer.name());
        }
    }

    private void flush() {
        if (!samples.isEmpty()) {
            stages.add(new ProgramStage.Samples(List.copyOf(samples), 1));
        }
        if (!totals.isEmpty()) {
            stages.add(new ProgramStage.Totals(List.copyOf(totals)));
        }
        samples = new ArrayList<>();
        totals = new ArrayList<>();
        pending.clear();
    }

    private void repeat(Operation.Repeat repeat) {
        flush();
        List<ProgramStage> outer = stages;
        stages = new ArrayList<>();
        codes.enter(repeat);
        // Later rounds add to the sums of the first, so these begin from zero.
        clearTotals(repeat);
        repeat.until().ifPresent(u -> u.states().forEach(s -> samples.add(codes.keep(s))));
        repeat.body().forEach(this::add);
        repeat.until().ifPresent(this::addChanges);
        flush();
        List<ProgramStage> body = stages;
        stages = outer;
        codes.leave();
        if (repeat.until().isEmpty()
                && body.size() == 1
                && body.getFirst() instanceof ProgramStage.Samples(var once, int rounds)
                && once.size() <= ProgramSlots.MOST) {
            stages.add(new ProgramStage.Samples(once, rounds * repeat.times()));
        } else {
            stages.add(new ProgramStage.Repeated(repeat.times(), repeat.until(), body));
        }
    }

    private void clearTotals(Operation.Repeat repeat) {
        for (Operation operation : repeat.body()) {
            codes.target(operation)
                    .filter(clear -> begun.add(clear.whole()[ProgramSlots.OUT]))
                    .ifPresent(prelude::add);
        }
    }

    private void addChanges(Operation.Until until) {
        boolean adds = false;
        for (Buffer state : until.states()) {
            samples.add(codes.change(state, adds));
            adds = true;
        }
    }
}
