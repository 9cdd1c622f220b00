/**
 * The public data sets (MNIST, Fashion-MNIST), their files on the web, and the folder into which
 * they are downloaded. A file appears when its length and checksum are right. Uses {@code files}
 * and the normalisation of images.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.data.download;

import io.dfc.api.stability.Stability;
