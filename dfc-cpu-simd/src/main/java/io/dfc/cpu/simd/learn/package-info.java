/**
 * What parameters learn: postsynaptic factors of rules, sums of outer products over time and over
 * samples, gradients, and the steps of optimisers. Uses {@code loop}, {@code model} and what lies
 * below.
 */
package io.dfc.cpu.simd.learn;
