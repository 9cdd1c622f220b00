package io.dfc.algorithms.method;

/**
 * A method that says what it is by what it is given.
 *
 * @param <S> its settings
 */
public abstract class NamedMethod<S extends Record> implements LearningMethod<S> {
    private final String name;
    private final String summary;
    private final Class<S> settings;

    /**
     * A method.
     *
     * @param name its name
     * @param summary what it does, in one line
     * @param settings type of its settings
     */
    protected NamedMethod(String name, String summary, Class<S> settings) {
        this.name = name;
        this.summary = summary;
        this.settings = settings;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String summary() {
        return summary;
    }

    @Override
    public final Class<S> settings() {
        return settings;
    }
}
