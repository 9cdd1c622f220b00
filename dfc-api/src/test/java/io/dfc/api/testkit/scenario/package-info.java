/**
 * Loops, programs and training steps of small networks of every shape, which the rules of the kit
 * run.
 */
package io.dfc.api.testkit.scenario;
