package io.dfc.api.spi;

/** Results of a {@link io.dfc.api.plan.LayerProgram}. */
public interface ProgramResult extends PhaseResult {
    /**
     * A number that the program reports.
     *
     * @param name its name
     * @return the number
     * @throws IllegalArgumentException if the program reports none of that name
     */
    double number(String name);
}
