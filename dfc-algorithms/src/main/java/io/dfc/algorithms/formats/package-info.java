/**
 * Arrays in the formats that others read: NumPy's {@code .npy} and {@code .npz}, and safetensors.
 *
 * <p>Files are hostile until parsed. A reader allocates at most 32 times the size of the file, plus
 * 1 MiB; an {@code .npz}, which is compressed, may unpack to {@link
 * io.dfc.algorithms.formats.Npz#MOST_UNPACKED} times its size, or 16 MiB if that is more, and is
 * refused beyond. What does not fit the heap is refused before it is allocated. Nothing is ever
 * unpickled. Files of any size are read and written; one array has fewer than 2<sup>31</sup>
 * numbers.
 *
 * <p>Writers write to a stream, so that the caller decides how a file comes to be; {@link
 * io.dfc.algorithms.formats.ArrayFiles} finds the format of a file that is read.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.formats;

import io.dfc.api.stability.Stability;
