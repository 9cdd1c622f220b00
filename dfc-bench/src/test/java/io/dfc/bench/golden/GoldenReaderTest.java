package io.dfc.bench.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.StorageException;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.bench.golden.compare.Expectation;
import io.dfc.bench.golden.compare.Measure;
import io.dfc.bench.golden.scenario.DynamicsScenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

/** Golden files are read as the plans and expectations that they describe. */
class GoldenReaderTest {
    @TempDir private Path folder;

    @Test
    void dynamicsBecomesAnEulerPhaseWithEveryUpdateOfTheFile() {
        DynamicsScenario scenario =
                (DynamicsScenario) covered(GoldenFixtures.file(GoldenFixtures.SMALLEST)).scenario();
        LoopPhase phase = scenario.loop().phase();

        assertThat(phase.solver()).isEqualTo(new Solver.Euler());
        assertThat(phase.target()).isEqualTo(new OutputTarget.Nudge(0.5));
        assertThat(phase.dynamics().timePoints()).isEqualTo(60);
        assertThat(phase.plasticities())
                .hasSize(9)
                .startsWith(
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, DfcRule.VOLTAGE_DIFFERENCE));
        assertThat(scenario.recording().timePoints()).hasSize(6).startsWith(0);
    }

    @Test
    void analyticBecomesTheLinearizedSolver() {
        LoopPhase phase = loop(GoldenFixtures.file(GoldenFixtures.ANALYTIC));

        assertThat(phase.solver()).isEqualTo(new Solver.Linearized());
        assertThat(phase.controller()).isEqualTo(new ProportionalIntegralController(0, 0.05));
    }

    @Test
    void presynapticRatesOfAnalyticUpdatesAreThoseOfTheTargetUnlessGiven() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.ANALYTIC,
                        root -> {
                            ArrayNode updates = (ArrayNode) root.at("/expected/updates");
                            ((ObjectNode) updates.get(0)).remove("presynaptic");
                            ((ObjectNode) updates.get(1)).put("presynaptic", "feedforward");
                        });

        assertThat(loop(file).forwardPlasticities())
                .extracting(ForwardPlasticity::presynaptic)
                .startsWith(
                        ForwardPlasticity.Presynaptic.CONTROLLED,
                        ForwardPlasticity.Presynaptic.FEEDFORWARD);
    }

    @Test
    void expectationsNameTheirPathQuantityAndMeasure() {
        Expectation bias =
                covered(GoldenFixtures.file(GoldenFixtures.SMALLEST)).expectations().stream()
                        .filter(e -> e.path().equals("updates[8].grad_b[1]"))
                        .findFirst()
                        .orElseThrow();

        assertThat(bias.quantity()).isEqualTo("updates.grad_b");
        assertThat(bias.measure()).isEqualTo(Measure.RELATIVE);
        assertThat(bias.float32Error()).isEqualTo(4.93e-7);
        assertThat(bias.values().shape()).containsExactly(1);
    }

    @Test
    void outputNoiseIsThatOfTheOtherLayersUnlessGiven() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.FEEDBACK,
                        root ->
                                GoldenFixtures.at(root, "settings.feedback")
                                        .remove("noise_sigma_output"));

        assertThat(loop(file).noise()).contains(new ApicalNoise(0.05, 0.05));
        assertThat(loop(file).feedbackPlasticity()).isPresent();
    }

    @Test
    void slopeOfLeakyReluIsThePublishedOneUnlessGiven() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root -> {
                            GoldenFixtures.at(root, "network").remove("leaky_relu_slope");
                            ((ArrayNode) GoldenFixtures.at(root, "network").get("activations"))
                                    .set(0, "leakyrelu");
                        });

        assertThat(plan(file).network().activation(0)).isEqualTo(new Activation.LeakyRelu(0.2));
    }

    @Test
    void networkWithoutBiasMayHaveNullForItsBiases() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root -> {
                            GoldenFixtures.at(root, "network").put("bias", false);
                            GoldenFixtures.at(root, "parameters").putNull("b");
                        });

        assertThat(plan(file).network().bias()).isFalse();
    }

    @Test
    void sigmaOfZeroNeedsNoRecordedNoise() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root ->
                                GoldenFixtures.at(root, "settings.controller")
                                        .put("noise_sigma", 0.0));

        assertThat(((DynamicsScenario) covered(file).scenario()).noise()).isEqualTo(Noise.none());
    }

    @Test
    void folderIsReadInTheOrderOfNamesAndOtherFilesAreLeftAlone() {
        GoldenFixtures.written(folder, "b.json", "{}");
        GoldenFixtures.written(folder, "a.json", "{}");
        GoldenFixtures.written(folder, "README.md", "no golden file");

        assertThat(GoldenReader.readAll(folder))
                .extracting(GoldenFile::file)
                .containsExactly("a.json", "b.json");
    }

    @Test
    void folderWithoutGoldenFilesIsAnError() {
        assertThatThrownBy(() -> GoldenReader.readAll(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("expected golden files (*.json), found none");
    }

    private static GoldenFile.Covered covered(Path file) {
        return (GoldenFile.Covered) GoldenReader.read(file);
    }

    /** The loop of a file that has one phase alone. */
    private static LoopPhase loop(Path file) {
        return plan(file).loops().getFirst().phase();
    }

    private static Plan plan(Path file) {
        return covered(file).scenario().plan();
    }
}
