/**
 * What the distribution ships beside the program: manual pages and completion of words in shells.
 */
package io.dfc.bench.manual;
