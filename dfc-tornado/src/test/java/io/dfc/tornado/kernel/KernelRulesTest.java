package io.dfc.tornado.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a method may not be like if TornadoVM is to compile it to the right code. */
class KernelRulesTest {
    /** Keywords, and functions of OpenCL C that are short enough to be chosen by accident. */
    private static final Set<String> RESERVED =
            Set.of(
                    "kernel",
                    "global",
                    "local",
                    "constant",
                    "private",
                    "half",
                    "uniform",
                    "image",
                    "step",
                    "mix",
                    "clamp",
                    "sign",
                    "degrees",
                    "radians",
                    "smoothstep",
                    "cross",
                    "dot",
                    "distance",
                    "length",
                    "normalize",
                    "select",
                    "shuffle",
                    "barrier",
                    "prefetch",
                    "any",
                    "all",
                    "max",
                    "min",
                    "abs",
                    "exp",
                    "log",
                    "sqrt",
                    "tanh",
                    "round",
                    "floor",
                    "fma",
                    "mad",
                    "vstore",
                    "vload",
                    "printf",
                    "signed",
                    "unsigned",
                    "register",
                    "union",
                    "struct",
                    "typedef",
                    "goto",
                    "extern",
                    "auto");

    static Stream<Class<?>> kernelClasses() {
        return Stream.of(
                CopyKernels.class,
                PackKernels.class,
                Bfloat16.class,
                PassKernels.class,
                LoopKernels.class,
                SimulationKernels.class,
                OutputLoopKernels.class,
                NoisyLoopKernels.class,
                ResponseKernels.class,
                RecoveryKernels.class,
                GradientKernels.class,
                ProgramKernels.class,
                SampleOperations.class,
                SteadyKernels.class,
                JacobianKernels.class,
                StabilityKernels.class,
                PeakKernels.class,
                LoopFunctions.class,
                TimeSums.class,
                Rates.class,
                Normals.class);
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).filter(m -> !m.isSynthetic());
    }

    /**
     * Parameters of all kernels, and what may follow: packed weights, and whether they are; tiles
     * to a group, and room for their rates.
     */
    private static final List<Class<?>> PARAMETERS =
            List.of(
                    KernelContext.class,
                    IntArray.class,
                    FloatArray.class,
                    FloatArray.class,
                    IntArray.class,
                    int.class,
                    int.class,
                    int.class);

    private static final int ALWAYS = 4;

    @ParameterizedTest
    @MethodSource("kernelClasses")
    void kernelsTakeNoScalarsToBeBakedInButWhatAProgramNeverChanges(Class<?> type) {
        methods(type)
                .filter(m -> m.getParameterTypes()[0] == KernelContext.class)
                .forEach(
                        m ->
                                assertThat(List.of(m.getParameterTypes()))
                                        .as(m.getName())
                                        .isEqualTo(PARAMETERS.subList(0, m.getParameterCount()))
                                        .hasSizeGreaterThanOrEqualTo(ALWAYS));
    }

    @ParameterizedTest
    @MethodSource("kernelClasses")
    void helpersTakeNoLocalArraysAndNoBooleans(Class<?> type) {
        methods(type)
                .flatMap(m -> Arrays.stream(m.getParameterTypes()))
                .forEach(
                        p ->
                                assertThat(p.isArray() || p == boolean.class)
                                        .as(p.getName())
                                        .isFalse());
    }

    @ParameterizedTest
    @MethodSource("kernelClasses")
    void kernelsHaveNamesOfTheirOwn(Class<?> type) {
        methods(type)
                .filter(m -> m.getParameterTypes()[0] == KernelContext.class)
                .map(Method::getName)
                .forEach(name -> assertThat(RESERVED).doesNotContain(name));
    }
}
