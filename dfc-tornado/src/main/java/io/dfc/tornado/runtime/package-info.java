/**
 * Compiled kernels, the block of device memory that they work on, and their launches.
 *
 * <p>A {@code CompiledKernels} has a task graph for each kernel, whatever the plan; a {@code
 * DeviceShare} is one network's part of it. Launches of networks that are trained side by side
 * become one. It uses {@code kernel} alone.
 */
package io.dfc.tornado.runtime;
