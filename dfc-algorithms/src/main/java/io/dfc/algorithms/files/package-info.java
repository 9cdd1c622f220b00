/** What keeps a file or folder of the user from being used, in words. */
package io.dfc.algorithms.files;
