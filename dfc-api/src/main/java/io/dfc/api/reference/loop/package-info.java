/**
 * The controlled network: its simulation in discrete time (arXiv 2106.07887, equations 1 to 5), its
 * steady states, and the updates of forward and feedback weights that are formed from them.
 */
package io.dfc.api.reference.loop;
