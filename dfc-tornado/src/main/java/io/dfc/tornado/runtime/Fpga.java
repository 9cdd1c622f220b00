package io.dfc.tornado.runtime;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

import java.util.ArrayList;
import java.util.List;

/**
 * Peculiarities of FPGAs. None was at hand: this follows TornadoVM's documentation and has not run
 * on hardware.
 *
 * <p>A kernel takes hours to become a bitstream, so it is made ahead of time: a first run with
 * TornadoVM's compiler of the vendor writes it, and later runs load it. The file that this program
 * writes tells TornadoVM which kernels are in it:
 *
 * <pre>{@code
 * java @$TORNADOVM_HOME/tornado-argfile --module-path ... \
 *   -m io.dfc.tornado/io.dfc.tornado.runtime.Fpga /path/to/lookupBufferAddress 0:1 > kernels.txt
 * DFC_JAVA_OPTS=-Dtornado.precompiled.binary=kernels.txt ./dfc train --backend tornado:0:1
 * }</pre>
 *
 * <p>TornadoVM annotates the loops itself: where it knows the number of turns, it asks for a
 * pipeline with an initiation interval of 1 on AMD's FPGAs, and for a body four times as long on
 * Intel's. Kernels here take most numbers of turns from a table, one bitstream for all networks,
 * and their work-items are what is pipelined.
 */
public final class Fpga {
    /** The size of work-groups that TornadoVM requires in kernels for FPGAs. */
    public static final int GROUP = 64;

    /** Programs of a process that may be loaded ahead of time; pools seldom make more. */
    private static final int PROGRAMS = 4;

    private Fpga() {}

    /** Whether a device is an FPGA. */
    public static boolean is(TornadoDevice device) {
        return device.getDeviceType() == TornadoDeviceType.ACCELERATOR;
    }

    /**
     * What TornadoVM's option {@code tornado.precompiled.binary} reads, a line to a kernel.
     *
     * @param bitstream path of the bitstream
     * @param device TornadoVM's identifier of the device, {@code driver:device}
     */
    public static List<String> kernels(String bitstream, String device) {
        List<String> lines = new ArrayList<>();
        for (int program = 1; program <= PROGRAMS; program++) {
            for (Kernel kernel : Kernel.values()) {
                // Groups have one tile, see TilesPerGroup.
                if (kernel.tilesPerGroup() == 1) {
                    lines.add(bitstream + "," + kernel.task(program) + ".device=" + device);
                }
            }
        }
        return lines;
    }

    static void main(String[] arguments) {
        if (arguments.length != 2 || !arguments[1].matches("\\d{1,4}:\\d{1,4}")) {
            System.err.println("usage: Fpga BITSTREAM DRIVER:DEVICE");
            System.exit(2);
        }
        kernels(arguments[0], arguments[1]).forEach(System.out::println);
    }
}
