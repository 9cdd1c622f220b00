package io.dfc.cpu.simd.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.cpu.simd.kernel.Simd;

import jdk.incubator.vector.FloatVector;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Every class of the backend is in a form whose vectors the compiler never turns into objects. */
class VectorFormTest {
    private static final Path CLASSES = Path.of("target", "classes");

    @Test
    void noClassOfTheBackendIsAtFault() throws IOException {
        VectorForm form = new VectorForm();
        List<Path> files;
        try (Stream<Path> all = Files.walk(CLASSES)) {
            files =
                    all.filter(file -> file.toString().endsWith(".class"))
                            .filter(file -> !file.endsWith("module-info.class"))
                            .toList();
        }
        assertThat(files).hasSizeGreaterThan(50);
        for (Path file : files) {
            form.add(Files.readAllBytes(file));
        }
        assertThat(form.faults()).isEmpty();
    }

    @Test
    void eachFaultIsSeen() {
        assertThat(faults(Faulty.class))
                .anySatisfy(f -> assertThat(f).contains("held: a field holds a vector"))
                .anySatisfy(f -> assertThat(f).contains("twice").contains("takes or returns"))
                .anySatisfy(
                        f ->
                                assertThat(f)
                                        .contains("carried")
                                        .contains("receiver of add comes from several places"))
                .anySatisfy(
                        f ->
                                assertThat(f)
                                        .contains("chosen")
                                        .contains("receiver of neg comes from several places"))
                .anySatisfy(
                        f ->
                                assertThat(f)
                                        .contains("constant")
                                        .contains("receiver of mul comes from before the loop"))
                .anySatisfy(f -> assertThat(f).contains("masked").contains("lt makes a mask"))
                .noneSatisfy(f -> assertThat(f).contains("fine"));
    }

    private static List<String> faults(Class<?> type) {
        VectorForm form = new VectorForm();
        String name = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getResourceAsStream(name)) {
            form.add(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return form.faults();
    }

    /** What no class of the backend may do. Read, never run. */
    @SuppressWarnings("UnusedMethod")
    private static final class Faulty {
        FloatVector held;

        static FloatVector twice(FloatVector x) {
            return x.add(x);
        }

        static void carried(float[] x) {
            FloatVector sum = FloatVector.zero(Simd.F);
            for (int i = 0; i < x.length; i += Simd.LANES) {
                sum = sum.add(FloatVector.fromArray(Simd.F, x, i));
            }
            sum.intoArray(x, 0);
        }

        static void chosen(float[] x, boolean first) {
            FloatVector a = FloatVector.fromArray(Simd.F, x, 0);
            FloatVector b = FloatVector.fromArray(Simd.F, x, 1);
            FloatVector c = first ? a : b;
            c.neg().intoArray(x, 0);
        }

        static void constant(float[] x, float factor) {
            FloatVector scale = FloatVector.broadcast(Simd.F, factor);
            for (int i = 0; i < x.length; i += Simd.LANES) {
                scale.mul(FloatVector.fromArray(Simd.F, x, i)).intoArray(x, i);
            }
        }

        static void masked(float[] x) {
            FloatVector a = FloatVector.fromArray(Simd.F, x, 0);
            a.blend(1f, a.lt(0f)).intoArray(x, 0);
        }

        static void fine(float[] x) {
            FloatVector sum = FloatVector.zero(Simd.F);
            for (int i = 0; i < x.length; i += Simd.LANES) {
                sum = FloatVector.fromArray(Simd.F, x, i).add(sum);
            }
            sum.intoArray(x, 0);
        }
    }
}
