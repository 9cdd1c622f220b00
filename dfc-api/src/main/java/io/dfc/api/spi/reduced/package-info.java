/**
 * Decisions of the reduced-order (output-space) loop that the backends which have one share; open
 * to them alone. The reference backend has none and takes no part in it.
 */
package io.dfc.api.spi.reduced;
