/**
 * What is controlled: the layers of a network, its parameters, their initialisation, and the loss
 * at its output.
 */
package io.dfc.api.network;
