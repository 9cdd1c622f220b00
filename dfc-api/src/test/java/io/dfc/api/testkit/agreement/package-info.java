/**
 * How results are observed, and what they are compared with: the reference backend, the kit's own
 * reduced-order loop, and eigenvalues.
 */
package io.dfc.api.testkit.agreement;
