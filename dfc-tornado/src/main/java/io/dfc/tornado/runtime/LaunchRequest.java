package io.dfc.tornado.runtime;

/**
 * A launch that a share requests.
 *
 * @param share the share
 * @param kernel the kernel
 * @param groups number of work-groups
 * @param source numbers of a copy to the device; null with other kernels
 * @param destination receives the numbers of a copy from the device; null with other kernels
 * @param from index of the first number, in source or destination
 * @param length number of numbers
 */
record LaunchRequest(
        DeviceShare share,
        Kernel kernel,
        int groups,
        ExchangeSource source,
        float[] destination,
        int from,
        int length) {
    static LaunchRequest compute(DeviceShare share, Kernel kernel, int groups) {
        return new LaunchRequest(share, kernel, groups, null, null, 0, 0);
    }

    static LaunchRequest copyIn(
            DeviceShare share,
            Kernel kernel,
            int groups,
            ExchangeSource source,
            int from,
            int length) {
        return new LaunchRequest(share, kernel, groups, source, null, from, length);
    }

    static LaunchRequest copyOut(
            DeviceShare share,
            Kernel kernel,
            int groups,
            float[] destination,
            int from,
            int length) {
        return new LaunchRequest(share, kernel, groups, null, destination, from, length);
    }
}
