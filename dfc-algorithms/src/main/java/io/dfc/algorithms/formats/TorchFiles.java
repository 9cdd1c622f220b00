package io.dfc.algorithms.formats;

import io.dfc.algorithms.files.ShellWord;
import io.dfc.api.error.BadDataException;

import java.nio.file.Path;

/** Files of {@code torch.save}: pickles, which are programs and are not run. */
final class TorchFiles {
    private static final byte PICKLE = (byte) 0x80;

    private TorchFiles() {}

    /** Tells whether a file that begins so is a pickle, as old versions of PyTorch wrote. */
    static boolean isPickle(byte[] first) {
        return first.length >= 2 && first[0] == PICKLE && first[1] >= 2 && first[1] <= 5;
    }

    /** {@return the error for such a file, which says how to convert it} */
    static BadDataException refused(Path file) {
        return new BadDataException(
                file.toString(),
                "is a file of torch.save, a pickle, which is a program and is not run; convert it where PyTorch is: "
                        + conversion(file));
    }

    private static String conversion(Path file) {
        return "python3 -c \"import sys, torch; from safetensors.torch import save_file; "
                + "save_file({k: v.contiguous() for k, v in torch.load(sys.argv[1], map_location='cpu', "
                + "weights_only=True).items()}, sys.argv[2])\" "
                + ShellWord.of(file)
                + " "
                + ShellWord.of(ArrayFiles.stem(file) + ".safetensors");
    }
}
