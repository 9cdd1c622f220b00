/**
 * What is controlled: the layers of a network, its parameters and where they start, and the loss at
 * its output. The output layer of a classifier is linear: the softmax belongs to the loss.
 */
package io.dfc.api.network;
