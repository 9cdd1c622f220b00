package io.dfc.algorithms.event;

/**
 * Events of one run. Each is begun and ended on the thread that trains; one that is begun and not
 * ended is not told.
 */
public interface TrainingEvents {
    /** {@return events for Flight Recorder where the virtual machine has it, else none} */
    static TrainingEvents ofThisMachine() {
        try {
            Class.forName("jdk.jfr.Event", false, TrainingEvents.class.getClassLoader());
            return new FlightRecorderEvents();
        } catch (ClassNotFoundException | LinkageError e) {
            return none();
        }
    }

    /** {@return events that nobody is told} */
    static TrainingEvents none() {
        return new NoEvents();
    }

    /** A minibatch begins. */
    void beginMinibatch();

    /**
     * The minibatch ends.
     *
     * @param sweep label of the sweep
     * @param epoch epoch, counted from 1; 0 in pre-training
     * @param minibatch minibatch of the sweep, counted from 1
     * @param samples number of its samples
     * @param loss mean loss before the update
     */
    void endMinibatch(String sweep, int epoch, int minibatch, int samples, double loss);

    /** A part of a minibatch begins: a phase, its feedforward pass, a step, or gathering. */
    void beginPhase();

    /**
     * The part ends.
     *
     * @param name name of the phase, or what else was done
     */
    void endPhase(String name);
}
