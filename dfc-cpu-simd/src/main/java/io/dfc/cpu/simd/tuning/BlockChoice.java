package io.dfc.cpu.simd.tuning;

import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Register blocks and why they were chosen.
 *
 * @param blocks what engines compute with
 * @param origin where they come from
 */
public record BlockChoice(RegisterBlocks blocks, Origin origin) {
    /** Where blocks come from. */
    enum Origin {
        /** The standard blocks, on a machine that has not been measured. */
        SHIPPED("as shipped"),

        /** They were the fastest on this machine, or none was clearly faster. */
        MEASURED("measured on this machine"),

        /** Properties of the virtual machine name them, or some of them. */
        NAMED("named by properties");

        private final String words;

        Origin(String words) {
            this.words = words;
        }
    }

    /** What is known without measuring. */
    public static BlockChoice known() {
        return known(file());
    }

    public static BlockChoice known(Optional<BlockFile> file) {
        return named(file.flatMap(f -> f.read(Hardware.identity())));
    }

    /**
     * What is known, or measured if this machine has not been. Blocks are measured only where they
     * can be stored, since that takes longer than a short run gains.
     *
     * @param workers threads that measure
     */
    public static BlockChoice found(Workers workers) {
        return found(file(), new BlockTrial(workers)::run);
    }

    public static BlockChoice found(Optional<BlockFile> file, Supplier<RegisterBlocks> trial) {
        String processor = Hardware.identity();
        return named(file.flatMap(f -> f.read(processor).or(() -> f.write(processor, trial))));
    }

    /** Measures, whatever is known; empty where the result cannot be stored. */
    public static Optional<BlockChoice> measured(Workers workers) {
        return BlockFile.ofUser()
                .flatMap(f -> f.write(Hardware.identity(), new BlockTrial(workers)::run))
                .map(blocks -> new BlockChoice(blocks, Origin.MEASURED));
    }

    /** The file that counts, if any does. */
    private static Optional<BlockFile> file() {
        return NamedBlocks.forbidTrial() || NamedBlocks.all()
                ? Optional.empty()
                : BlockFile.ofUser();
    }

    private static BlockChoice named(Optional<RegisterBlocks> measured) {
        RegisterBlocks others = measured.orElseGet(RegisterBlocks::standard);
        if (NamedBlocks.any()) {
            return new BlockChoice(NamedBlocks.orElse(others), Origin.NAMED);
        }
        return new BlockChoice(others, measured.isPresent() ? Origin.MEASURED : Origin.SHIPPED);
    }

    @Override
    public String toString() {
        return "register blocks " + blocks + " (" + origin.words + ")";
    }
}
