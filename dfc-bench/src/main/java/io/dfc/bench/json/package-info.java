/** JSON files that may come from anywhere: bounded, and with errors that name file and place. */
package io.dfc.bench.json;
