/** Guice wiring of a run; embedding code can do without it and use the classes directly. */
package io.dfc.algorithms.inject;
