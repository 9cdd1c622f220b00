/** Work of several threads that is waited for. */
package io.dfc.bench.threads;
