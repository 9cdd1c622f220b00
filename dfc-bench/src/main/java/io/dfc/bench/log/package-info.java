/**
 * How the command line writes what modules log ({@link System.Logger}): a line each, like its own
 * messages.
 */
package io.dfc.bench.log;
