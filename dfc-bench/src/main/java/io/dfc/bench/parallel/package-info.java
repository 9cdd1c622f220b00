/** Tasks that run in parallel and are waited for. This package uses none of the module's others. */
package io.dfc.bench.parallel;
