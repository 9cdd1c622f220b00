package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.noise.Philox;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Finds what a program lacks, before anything reads it. */
final class ProgramCompleteness {
    private ProgramCompleteness() {}

    /**
     * A copy of a list.
     *
     * @param owner whose it is, for messages
     * @throws BadConfigurationException if an element is null
     */
    static <T> List<T> copy(String owner, List<T> list) {
        if (list.stream().anyMatch(Objects::isNull)) {
            throw new BadConfigurationException("program", owner + " has a part that is null");
        }
        return List.copyOf(list);
    }

    /**
     * Checks that neither an operation nor what it consists of is null anywhere.
     *
     * @param operation the operation
     * @throws BadConfigurationException if a part is null
     */
    static void require(Operation operation) {
        require(operation.getClass().getSimpleName(), operation);
    }

    private static void require(String path, Object part) {
        if (part == null) {
            throw new BadConfigurationException("program", path + " is null; name what is meant");
        }
        boolean own = part.getClass().getPackage() == ProgramCompleteness.class.getPackage();
        if (own && part instanceof Record) {
            for (RecordComponent component : part.getClass().getRecordComponents()) {
                require(path + "." + component.getName(), value(component, part));
            }
        }
    }

    private static Object value(RecordComponent component, Object part) {
        try {
            return component.getAccessor().invoke(part);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    Arrays.toString(part.getClass().getRecordComponents()), e);
        }
    }

    /** Checks the settings of noise. */
    static void requireStream(int stream, double sigma) {
        if (stream < 0 || stream >= Philox.MAX_LAYERS) {
            throw new BadConfigurationException(
                    "program",
                    "a noise stream lies in [0, " + Philox.MAX_LAYERS + "), got " + stream);
        }
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new BadConfigurationException(
                    "program", "sigma of noise must be a finite number above 0, got " + sigma);
        }
    }
}
