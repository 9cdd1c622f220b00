/**
 * The TornadoVM backend: hosts and kernels.
 *
 * <p>Kernels are the classes whose names end so, with {@link io.dfc.tornado.Rates} and {@link
 * io.dfc.tornado.Normals}. TornadoVM compiles them from their bytecode, so they are plain loops
 * over {@code FloatArray} and {@code IntArray}; the module opens this package to it. All take the
 * same arguments: the {@linkplain io.dfc.tornado.Slots table of numbers} that describes plan and
 * call, its floating-point companion, and one block of device memory that holds everything else.
 * Nothing is a constant of the compiler's, so each kernel is compiled once for all plans, and no
 * value is baked in that changes between launches.
 *
 * <p>Samples come in tiles of {@link io.dfc.tornado.Slots#TILE}: an array over samples and neurons
 * is [tiles, n, TILE], so that neighbouring work-items read neighbouring addresses and all samples
 * of a tile share one read of a weight. A work-group owns a tile; what its work-items tell each
 * other goes through device memory between two barriers.
 */
package io.dfc.tornado;
