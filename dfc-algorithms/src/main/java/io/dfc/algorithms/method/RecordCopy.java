package io.dfc.algorithms.method;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Copies of records of settings, component by component, by their names. */
public final class RecordCopy {
    private RecordCopy() {}

    /**
     * The part of a record that another type holds as well.
     *
     * @param type type of the part, each component of which the record has under the same name
     * @param record a public record of an exported package
     * @param <R> type of the part
     * @return the part
     * @throws IllegalArgumentException if the record lacks a component, or the type refuses a value
     */
    public static <R extends Record> R part(Class<R> type, Record record) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                values[i] = record.getClass().getMethod(components[i].getName()).invoke(record);
            }
            return construct(type, values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " refuses a value of " + record, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " is no part of " + record.getClass().getSimpleName(),
                    e);
        }
    }

    private static <R extends Record> R construct(Class<R> type, Object[] values)
            throws ReflectiveOperationException {
        Class<?>[] types =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        return type.getConstructor(types).newInstance(values);
    }

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
            return construct(type, values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " refuses " + component + " " + value, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getSimpleName() + " is not accessible", e);
        }
    }
}
