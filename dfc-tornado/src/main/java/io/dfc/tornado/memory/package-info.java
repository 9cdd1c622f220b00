/**
 * Where a plan's tensors, states and buffers lie in device memory.
 *
 * <p>{@code PlanRequirements} says what a plan needs, {@code MemoryRegions} how much memory that
 * takes, and {@code MemoryLayout} where each region begins; it writes the tables that kernels read.
 * It uses {@code kernel} and {@code runtime}.
 */
package io.dfc.tornado.memory;
