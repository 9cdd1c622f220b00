/**
 * What training tells Java Flight Recorder: an event {@code io.dfc.Minibatch} for each minibatch
 * and an event {@code io.dfc.Phase} for each part of it. Nothing is told, measured or allocated
 * unless a recording asks for them. The module {@code jdk.jfr} may be absent.
 */
package io.dfc.algorithms.event;
