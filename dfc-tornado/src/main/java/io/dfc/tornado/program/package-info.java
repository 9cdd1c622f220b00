/**
 * Layer programs: compiled into stages whose operations kernels interpret, and backpropagation, the
 * one program with kernels of its own.
 *
 * <p>It uses {@code learn} and what lies below.
 */
package io.dfc.tornado.program;
