package io.dfc.tornado.backend;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Standard output as native code sees it. TornadoVM's library tells there of every call of a driver
 * that fails, in the midst of what a program has to say.
 */
final class NativeOutput {
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;

    private final IntUnaryOperator duplicate;

    /** Makes a file standard output. */
    private final IntConsumer take;

    private final IntConsumer close;
    private final Runnable flushAll;

    private NativeOutput(
            MethodHandle dup, MethodHandle dup2, MethodHandle close, MethodHandle fflush) {
        duplicate = MethodHandleProxies.asInterfaceInstance(IntUnaryOperator.class, dup);
        take =
                MethodHandleProxies.asInterfaceInstance(
                        IntConsumer.class, MethodHandles.insertArguments(dup2, 1, OUTPUT));
        this.close = MethodHandleProxies.asInterfaceInstance(IntConsumer.class, close);
        flushAll =
                MethodHandleProxies.asInterfaceInstance(
                        Runnable.class,
                        MethodHandles.insertArguments(fflush, 0, MemorySegment.NULL));
    }

    /**
     * Does some work while what goes to standard output, Java's too, goes to standard error. Where
     * this module has no native access, or the C library not the functions, the work is just done.
     */
    static <T> T toStandardError(Supplier<T> work) {
        Optional<NativeOutput> output = find();
        return output.isPresent() ? output.get().divert(work) : work.get();
    }

    private <T> T divert(Supplier<T> work) {
        System.out.flush();
        flushAll.run();
        int own = duplicate.applyAsInt(OUTPUT);
        if (own < 0) {
            // Standard output is closed.
            return work.get();
        }
        take.accept(ERROR);
        try {
            return work.get();
        } finally {
            System.out.flush();
            flushAll.run();
            take.accept(own);
            close.accept(own);
        }
    }

    private static Optional<NativeOutput> find() {
        // Without it the virtual machine would warn the user.
        if (!NativeOutput.class.getModule().isNativeAccessEnabled()) {
            return Optional.empty();
        }
        Optional<MethodHandle> dup = function("dup", ValueLayout.JAVA_INT);
        Optional<MethodHandle> dup2 = function("dup2", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        Optional<MethodHandle> close = function("close", ValueLayout.JAVA_INT);
        Optional<MethodHandle> fflush = function("fflush", ValueLayout.ADDRESS);
        return Stream.of(dup, dup2, close, fflush).allMatch(Optional::isPresent)
                ? Optional.of(new NativeOutput(dup.get(), dup2.get(), close.get(), fflush.get()))
                : Optional.empty();
    }

    /** A function of the C library that returns a whole number. */
    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> function(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
        return linker.defaultLookup()
                .find(name)
                .map(address -> linker.downcallHandle(address, type));
    }
}
