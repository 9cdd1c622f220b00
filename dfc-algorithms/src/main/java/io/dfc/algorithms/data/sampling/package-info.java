/**
 * Random numbers per sample and the division of samples into training, validation and test parts.
 * Every number is a function of seed and position, never of threads. Uses the data sets alone; not
 * exported.
 */
package io.dfc.algorithms.data.sampling;
