/**
 * Looking at a run while it learns: which loops are recorded, which updates are measured, and what
 * was measured. A run ends with the same bits whether or not it is measured.
 */
package io.dfc.algorithms.measure;
