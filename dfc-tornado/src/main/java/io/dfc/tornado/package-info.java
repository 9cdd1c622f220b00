/**
 * The TornadoVM backend, from the kernels up.
 *
 * <p>Each package uses those before it in this list, and none behind it:
 *
 * <ol>
 *   <li>{@code kernel}: what the device computes, and the tables that tell kernels what;
 *   <li>{@code runtime}: compiled kernels, the device memory that they share, and their launches;
 *   <li>{@code memory}: where a plan's tensors, states and buffers lie in that memory;
 *   <li>{@code learn}: gradients and optimisers;
 *   <li>{@code loop}: the controlled loop, simulated, in output space, or at its steady state;
 *   <li>{@code program}: layer programs, and backpropagation;
 *   <li>{@code engine}: the engine of a network;
 *   <li>{@code tuning}: sizes of work-groups;
 *   <li>{@code backend}: the provider, its devices, and which plans they run.
 * </ol>
 *
 * <p>Terms, with the symbols of the equations:
 *
 * <dl>
 *   <dt>work-item, work-group
 *   <dd>OpenCL's thread and block of threads. A work-item's number in its group is its lane.
 *   <dt>tile
 *   <dd>{@link io.dfc.tornado.kernel.TableLayout#TILE} samples that lie side by side in memory: an
 *       array over samples and neurons is [tiles, n, TILE].
 *   <dt>table
 *   <dd>the numbers that describe a plan and a call, one of whole numbers and one of floats; they
 *       travel with every launch, a row to each network.
 *   <dt>launch
 *   <dd>one run of a kernel by some work-groups.
 *   <dt>voltage {@code v_i}, rate {@code r_i}
 *   <dd>of layer {@code i} after the feedforward pass. The state of the loop is kept as deviations
 *       from it: somatic, basal and apical voltages, and rates.
 *   <dt>control {@code u}, control error {@code e}, effective leakage {@code alpha}
 *   <dd>what the controller computes; it is at rest where {@code e = alpha u}.
 *   <dt>feedback weights {@code Q_i}, Jacobian {@code J_i}
 *   <dd>{@code Q_i u} drives the apical compartments of layer {@code i}; {@code J_i} is the
 *       derivative of the output with respect to the layer's voltages. {@code J_i Q_i} is the gain
 *       of the layer.
 *   <dt>output space, reduced-order loop
 *   <dd>the loop of the {@code n_L} numbers that the controller sees, instead of all neurons.
 *   <dt>postsynaptic factor
 *   <dd>what a plasticity rule makes of a neuron's voltages; times the presynaptic rate it is the
 *       contribution of a sample to the update of a weight.
 * </dl>
 */
package io.dfc.tornado;
