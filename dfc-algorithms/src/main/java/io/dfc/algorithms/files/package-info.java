/**
 * Files of the user and words for what is wrong with them: a problem in one line, an excerpt of a
 * text, the bytes of a plain or compressed file, a digest of contents. Uses the JDK alone.
 */
package io.dfc.algorithms.files;
