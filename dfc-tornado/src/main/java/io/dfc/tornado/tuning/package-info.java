/**
 * Sizes of work-groups: what a device allows, what is measured to be fastest, and the file that
 * remembers it.
 *
 * <p>It uses {@code engine}, for trials, and what lies below.
 */
package io.dfc.tornado.tuning;
