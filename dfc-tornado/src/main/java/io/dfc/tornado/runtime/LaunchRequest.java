package io.dfc.tornado.runtime;

/**
 * A launch that a share requests.
 *
 * @param numbers source of a copy to the device, or destination of one from it; null with other
 *     kernels
 * @param from where these begin
 * @param length how many there are
 */
record LaunchRequest(
        DeviceShare share, Kernel kernel, int groups, float[] numbers, int from, int length) {}
