/**
 * What authors of backends may share: state that is not arithmetic. Incubating: it may change
 * between versions.
 */
package io.dfc.api.spi.support;
