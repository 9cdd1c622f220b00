/**
 * JSON files that may come from anywhere. Jackson parses them within bounds; a cursor walks them
 * and names file and place in every error. This package uses none of the module's others.
 */
package io.dfc.bench.json;
