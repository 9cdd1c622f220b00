/**
 * What is controlled: the layers of a network, its parameters and where they start, and the loss at
 * its output. The output layer of a classifier is linear: the softmax belongs to the loss.
 */
@Stability(Stability.Level.STABLE)
package io.dfc.api.network;

import io.dfc.api.stability.Stability;
