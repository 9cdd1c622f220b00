package io.dfc.api.testkit.agreement;

import io.dfc.api.spi.Backend;

import org.junit.jupiter.api.Assertions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Holds a backend's verdicts on the stability of steady states against eigenvalues. */
public final class StabilityVerdicts {
    private StabilityVerdicts() {}

    /**
     * Eigenvalues.
     *
     * @param real real parts
     * @param imaginary imaginary parts
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Eigenvalues(double[] real, double[] imaginary) {}

    /**
     * Fails where a verdict differs from that of the eigenvalues away from the border (see {@link
     * StabilityCase#answer}), or if the cases drawn say too little: both answers have to be common
     * and the border narrow.
     *
     * @param backend the backend
     * @param cases number of cases
     * @param outputs number of outputs; 0 for 1 to 5
     * @param solver finds the eigenvalues of a square matrix of rows
     */
    public static void requireThoseOf(
            Backend backend, int cases, int outputs, Function<double[][], Eigenvalues> solver) {
        Map<StabilityCase.Answer, Integer> answers = new EnumMap<>(StabilityCase.Answer.class);
        List<String> wrong = new ArrayList<>();
        for (int seed = 1; seed <= cases; seed++) {
            StabilityCase c = StabilityCase.draw(seed, outputs > 0 ? outputs : 1 + seed % 5);
            Eigenvalues eigenvalues = solver.apply(c.matrix());
            StabilityCase.Answer answer = c.answer(eigenvalues.real(), eigenvalues.imaginary());
            answers.merge(answer, 1, Integer::sum);
            boolean stable = c.isStableFor(backend);
            if (answer != StabilityCase.Answer.AT_THE_BORDER
                    && stable != (answer == StabilityCase.Answer.STABLE)) {
                wrong.add("case " + seed + ", " + c + ": " + answer);
            }
        }
        String counts = answers + " of " + cases;
        Assertions.assertEquals(
                List.of(), wrong, () -> backend.name() + " judges otherwise, " + counts);
        for (StabilityCase.Answer answer : StabilityCase.Answer.values()) {
            int count = answers.getOrDefault(answer, 0);
            Assertions.assertTrue(
                    answer == StabilityCase.Answer.AT_THE_BORDER
                            ? count < cases / 3
                            : count > cases / 8,
                    counts);
        }
    }
}
