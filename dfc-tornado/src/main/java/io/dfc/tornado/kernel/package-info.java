/**
 * Kernels: what the device computes, compiled by TornadoVM from bytecode, and the tables that they
 * read.
 *
 * <p>Kernels are plain loops over {@code FloatArray} and {@code IntArray}; the module opens this
 * package to TornadoVM. All take the same arguments: the {@linkplain
 * io.dfc.tornado.kernel.TableLayout table of numbers} that describes plan and call, its
 * floating-point companion, and one block of device memory that holds everything else. Nothing is a
 * constant of the compiler's, so each kernel is compiled once for all plans, and no value is baked
 * in that changes between launches. The module's README has the rules for their code.
 *
 * <p>Samples come in tiles, so that neighbouring work-items read neighbouring addresses and all
 * samples of a tile share one read of a weight. A work-group owns a tile or some; its work-items
 * exchange results in device memory between two barriers.
 *
 * <p>It uses TornadoVM's interface for kernels and, for constants, {@code io.dfc.api}.
 */
package io.dfc.tornado.kernel;
