/**
 * JSON files that may come from anywhere. Jackson parses them within bounds and binds objects with
 * known keys to records; a cursor walks the rest. Every error names file and place. This package
 * uses none of the module's others.
 */
package io.dfc.bench.json;
