/** The TornadoVM backend; so far its provider, which says why the backend is unavailable. */
package io.dfc.tornado;
