/** Layer programs, run operation by operation. */
package io.dfc.api.reference.program;
