/**
 * Many outputs: the control signal in the coordinates of the last hidden layer, which are fewer.
 * Uses {@code loop} and {@code reduced} and what lies below.
 */
package io.dfc.cpu.simd.wide;
