import org.jspecify.annotations.NullMarked;

/**
 * Deep Feedback Control: tensors, networks, controllers, learning rules, and the boundary behind
 * which backends run them. Depends on the JDK alone and holds the float64 reference backend, so
 * that it runs without any other module.
 *
 * <table>
 *   <caption>Terms and symbols; layers are {@code i = 1..L}, {@code n_i} neurons wide, and all
 *   vectors are those of one sample (Meulemans et al. 2021, arXiv 2106.07887)</caption>
 *   <tr><th>term</th><th>symbol</th><th>meaning</th></tr>
 *   <tr><td>rate</td><td>{@code r_i}</td><td>{@code phi_i(v_i)}, output of a layer; {@code r_0} is
 *       the input</td></tr>
 *   <tr><td>basal (feedforward) voltage</td><td>{@code v_i^B}</td><td>{@code W_i r_(i-1) + b_i}, what enters from
 *       the layer below</td></tr>
 *   <tr><td>apical (feedback) voltage</td><td>{@code v_i^A}</td><td>{@code Q_i u}, low-passed: what enters from
 *       the controller</td></tr>
 *   <tr><td>somatic voltage</td><td>{@code v_i}</td><td>follows the sum of both with the time
 *       constant {@code tau_v}</td></tr>
 *   <tr><td>forward weights, biases</td><td>{@code W_i, b_i}</td><td>shapes {@code [n_i, n_(i-1)]},
 *       {@code [n_i]}</td></tr>
 *   <tr><td>feedback weights</td><td>{@code Q_i}</td><td>shape {@code [n_i, n_L]}, output layer
 *       included</td></tr>
 *   <tr><td>feedforward pass</td><td>{@code v_i^-, r_i^-}</td><td>the network without
 *       control</td></tr>
 *   <tr><td>deviation</td><td>{@code dv_i, dr_i}</td><td>of a controlled variable from the
 *       feedforward pass, and of nothing else</td></tr>
 *   <tr><td>output target</td><td>{@code r*}</td><td>what the controller drives {@code r_L} to:
 *       {@code r_L^-} nudged down the loss, or the label ({@link
 *       io.dfc.api.control.OutputTarget})</td></tr>
 *   <tr><td>control error</td><td>{@code e}</td><td>{@code r* - r_L}</td></tr>
 *   <tr><td>control signal</td><td>{@code u}</td><td>{@code n_L} numbers: proportional ({@code k_p})
 *       and leaky integral action on {@code e}, leakage {@code alpha} ({@link
 *       io.dfc.api.control.ProportionalIntegralController})</td></tr>
 *   <tr><td>loop</td><td></td><td>controller and network together, over {@code K} time points of
 *       length {@code dt} ({@link io.dfc.api.control.Dynamics}, {@link
 *       io.dfc.api.plan.LoopPhase})</td></tr>
 *   <tr><td>steady state</td><td>{@code r_ss}</td><td>where the loop comes to rest; {@code e = alpha
 *       u} there</td></tr>
 *   <tr><td>Jacobian</td><td>{@code J_i}</td><td>{@code dr_L / dv_i} at the feedforward pass, shape
 *       {@code [n_L, n_i]}</td></tr>
 *   <tr><td>reduced-order loop</td><td></td><td>the loop to first order in the nudge, closed in output
 *       space on {@code L n_L} numbers ({@link io.dfc.api.control.Solver.Auto})</td></tr>
 *   <tr><td>presynaptic rate</td><td>{@code p_i}</td><td>the rate that enters an update: controlled or
 *       feedforward</td></tr>
 *   <tr><td>postsynaptic factor</td><td>{@code s_i}</td><td>what a {@link
 *       io.dfc.api.learn.LearningRule} computes from the voltages; {@code G_W(i) = -2/B sum_b s_i
 *       p_i^T}</td></tr>
 *   <tr><td>plasticity</td><td></td><td>what learns from a loop: weights and biases ({@link
 *       io.dfc.api.learn.ForwardPlasticity}) or {@code Q} ({@link
 *       io.dfc.api.learn.FeedbackPlasticity})</td></tr>
 *   <tr><td>gradient</td><td>{@code G}</td><td>what an optimiser descends: minus the direction of
 *       plasticity</td></tr>
 *   <tr><td>plan</td><td></td><td>the groups of parameters, phases, optimisers and steps of an engine,
 *       as data ({@link io.dfc.api.plan.Plan})</td></tr>
 *   <tr><td>phase</td><td></td><td>one part of a plan that an engine runs over a minibatch and that
 *       forms gradients</td></tr>
 *   <tr><td>loop phase</td><td></td><td>a phase that runs the loop and its plasticities ({@link
 *       io.dfc.api.plan.LoopPhase})</td></tr>
 *   <tr><td>step</td><td></td><td>an optimiser descends a gradient ({@link
 *       io.dfc.api.plan.Step})</td></tr>
 *   <tr><td>parameter group</td><td></td><td>parameters of one kind, one tensor per layer ({@link
 *       io.dfc.api.plan.ParameterGroup})</td></tr>
 *   <tr><td>layer program</td><td></td><td>a phase without a loop, as equations ({@link
 *       io.dfc.api.plan.LayerProgram})</td></tr>
 *   <tr><td>fallback samples</td><td></td><td>samples that a backend simulated because the solver
 *       found no valid state; {@code Auto} falls back for a whole minibatch</td></tr>
 *   <tr><td>nudge</td><td>{@code lambda}</td><td>step size of the output target down the
 *       loss</td></tr>
 *   <tr><td>noise</td><td>{@code sigma, xi}</td><td>standard deviation of the noise in apical
 *       compartments, and its standard normal numbers</td></tr>
 *   <tr><td>distance ratio</td><td></td><td>{@code ||e - alpha u|| / ||r_L^-||}, by which samples
 *       count as converged or diverged ({@link io.dfc.api.control.Convergence})</td></tr>
 *   <tr><td>gain</td><td>{@code J_i Q_i}</td><td>effect of the control signal through layer {@code i}
 *       on the output, shape {@code [n_L, n_L]}</td></tr>
 * </table>
 */
@NullMarked
@SuppressWarnings("module") // the modules that one package is open to depend on this one
module io.dfc.api {
    requires static org.jspecify;

    exports io.dfc.api.control;
    exports io.dfc.api.error;
    exports io.dfc.api.learn;
    exports io.dfc.api.network;
    exports io.dfc.api.noise;
    exports io.dfc.api.plan;
    exports io.dfc.api.spi;
    exports io.dfc.api.spi.reduced to
            io.dfc.cpu.simd,
            io.dfc.tornado;
    exports io.dfc.api.spi.support;
    exports io.dfc.api.stability;
    exports io.dfc.api.tensor;
    exports io.dfc.api.trajectory;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.api.reference.ReferenceBackendProvider;

    uses io.dfc.api.spi.BackendProvider;
}
