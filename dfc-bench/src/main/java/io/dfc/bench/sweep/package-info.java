/**
 * Many runs: what they are, where each lies, who runs them, and what came of them. The folder of a
 * series is all its state, so that it goes on after any interruption, on any machine that sees it.
 */
package io.dfc.bench.sweep;
