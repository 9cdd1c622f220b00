package io.dfc.tornado.loop;

import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.plan.LoopPhase;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.FeedbackGradient;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

/**
 * Learning of feedback weights from the mean over all noise, in the loop linearised at the
 * feedforward pass: gains, responses of the reduced-order loop to noise, and the gradient from
 * them. Nothing is drawn, and nothing comes back to the host.
 */
final class ExpectedFeedbackRun {
    private final DeviceShare device;
    private final LoopPhase phase;
    private final FeedbackPlasticity plasticity;
    private final FeedbackGradient gradient;
    private final SteadySearch search;

    ExpectedFeedbackRun(
            DeviceShare device, LoopPhase phase, FeedbackGradient gradient, SteadySearch search) {
        this.device = device;
        this.phase = phase;
        plasticity = phase.feedbackPlasticity().orElseThrow();
        this.gradient = gradient;
        this.search = search;
    }

    /**
     * Forms the gradient, before its decay and its bound.
     *
     * @param simulation the phase, configured; goes back to the feedforward pass
     */
    void run(Simulation simulation, int samples) {
        device.set(TableLayout.AVERAGES, 0);
        simulation.reset();
        search.gains(samples);
        device.set(TableLayout.END_STEP, simulation.steps());
        device.launch(Kernel.RESPOND, samples);
        gradient.formExpected(plasticity, phase, samples);
    }
}
