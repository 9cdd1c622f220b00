/**
 * The toy figures of Deep Feedback Control (arXiv 2106.07887), run again: each {@link
 * io.dfc.bench.reproduce.Figure} runs the published configuration and gives a table of numbers, a
 * picture of them, and what the paper says of them beside what they say.
 */
package io.dfc.bench.reproduce;
