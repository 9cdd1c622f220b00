package io.dfc.algorithms.model;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.api.error.BadConfigurationException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A method with settings: {@link Dfc} and {@link Methods} make some. What is not set has a default
 * that suits the size of the data where it depends on that, else the documented one. Immutable.
 */
public final class Method {
    private final LearningMethod<?> method;
    private final Optional<Record> record;
    private final List<Setting> settings;

    private Method(LearningMethod<?> method, Optional<Record> record, List<Setting> settings) {
        this.method = method;
        this.record = record;
        this.settings = List.copyOf(settings);
    }

    static Method of(LearningMethod<?> method) {
        return new Method(method, Optional.empty(), List.of());
    }

    /** {@return the name of the method, such as {@code dfc-ssa}} */
    public String name() {
        return method.name();
    }

    /**
     * The same with another setting.
     *
     * @param key dotted key as in configurations, of the method or of every run, such as {@code
     *     forward.learning-rate} or {@code stop.patience}; {@code ./dfc configs NAME} shows them
     *     all
     * @param value a number, a word, a truth value or a list of these; checked when a model is
     *     created
     * @return the method
     */
    public Method with(String key, Object value) {
        List<Setting> more = new ArrayList<>(settings);
        more.add(new Setting(Objects.requireNonNull(key, "key"), String.valueOf(value)));
        return new Method(method, record, more);
    }

    /**
     * The same with all of the method's own settings given.
     *
     * @param all the record of settings of the method, {@link LearningMethod#settings()}
     * @return the method
     * @throws BadConfigurationException if the method has another record of settings
     */
    public Method with(Record all) {
        if (!method.settings().isInstance(all)) {
            throw new BadConfigurationException(
                    "method",
                    name()
                            + " has settings of type "
                            + method.settings().getSimpleName()
                            + ", got "
                            + all);
        }
        return new Method(method, Optional.of(all), settings);
    }

    /** All of the method's own settings, if they were given as a record. */
    Optional<Record> record() {
        return record;
    }

    /** Single settings, in the order in which they were given. */
    List<Setting> settings() {
        return settings;
    }

    /** A method that a saved model names. */
    static Method named(String name) {
        return of(
                LearningMethods.installed()
                        .find(name)
                        .orElseThrow(
                                () ->
                                        new BadConfigurationException(
                                                "method",
                                                "there is no method \""
                                                        + name
                                                        + "\"; there are: "
                                                        + String.join(", ", Methods.names()))));
    }

    @Override
    public String toString() {
        return name() + (settings.isEmpty() ? "" : " with " + settings);
    }
}
