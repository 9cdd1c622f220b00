/**
 * Data sets: the built-in glyphs, student-teacher, MNIST and its kind from IDX files, CSV, and
 * downloads into the user's cache.
 *
 * <p>Start at {@link io.dfc.algorithms.data.DataSources}; own data go into a {@link
 * io.dfc.algorithms.data.DataSet}.
 */
package io.dfc.algorithms.data;
