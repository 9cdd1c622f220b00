package io.dfc.algorithms.method;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Copies of records of settings in which one component is another. */
public final class RecordCopy {
    private RecordCopy() {}

    /**
     * Copies a record.
     *
     * @param record a public record of an exported package
     * @param component name of the component that changes
     * @param value its new value
     * @param <R> type of the record
     * @return the copy
     * @throws IllegalArgumentException if there is no such component, or the record refuses the
     *     value
     */
    public static <R extends Record> R with(R record, String component, Object value) {
        @SuppressWarnings("unchecked") // the class of an R
        Class<R> type = (Class<R>) record.getClass();
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean changes = components[i].getName().equals(component);
                values[i] = changes ? value : components[i].getAccessor().invoke(record);
                found |= changes;
            }
            if (!found) {
                throw new IllegalArgumentException(
                        type.getSimpleName() + " has no component " + component);
            }
            Class<?>[] types =
                    Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return type.getConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " refuses " + component + " " + value, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getSimpleName() + " is not accessible", e);
        }
    }
}
